using Xunit.v3;

namespace NanoNet.Tests.Checking;

/// <summary>
/// A test of what an engine computes, with a row for each: its trait finds these tests on a machine whose engine is what
/// is to be proven (tools/run-gpu-proof).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineTestAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Tests", "engines")];
}
