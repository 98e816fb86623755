using NanoNet.Tests.Checking;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Engines are shared and serve one thread at a time, and each uses all cores by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(EnginesFixture))]
[assembly: NoLeaks]

namespace NanoNet.Tests.Checking;

/// <summary>Closes the engines when the last test has run.</summary>
public sealed class EnginesFixture : IDisposable
{
    public void Dispose() => Engines.Close();
}
