using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Tests.Checking;

/// <summary>An engine that tests run on: open for the whole run, shared by all tests, one test at a time.</summary>
/// <param name="Name">Its name in the rows of theories.</param>
/// <param name="Device">The engine as Core sees it.</param>
/// <param name="MaxCost">The most multiply-adds a single case may cost on it: ILGPU's CPU accelerator is an interpreter, nearly.</param>
internal sealed record Engine(string Name, Device Device, long MaxCost)
{
    public IBackend Backend => Device.Backend;

    public override string ToString() => $"{Name} ({Device.Info.Name})";
}
