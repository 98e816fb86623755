using NanoNet.Assignment;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using NanoNet.Kernels;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class SweepBudgetTests
{
    [Theory]
    [InlineData(ModelKind.A, DeviceKind.Cpu, 60000, true)]
    [InlineData(ModelKind.B, DeviceKind.Cpu, 60000, false)]
    [InlineData(ModelKind.B, DeviceKind.Cpu, 1000, true)]
    [InlineData(ModelKind.B, DeviceKind.Cuda, 60000, true)]
    [InlineData(ModelKind.B, DeviceKind.OpenCL, 60000, true)]
    public void ModelBOnACpuCannotAffordEveryStep(ModelKind kind, DeviceKind device, int largestN, bool allowed) =>
        Assert.Equal(allowed, SweepBudget.AllowsEveryStep(new RunOptions(), kind, device, largestN));

    [Theory]
    [InlineData(ModelKind.A, true)]
    [InlineData(ModelKind.B, false)]
    public void ASweepIsDoneAccordingly(ModelKind kind, bool everyStep)
    {
        var sweep = new Sweep(100, 60000, n => n >= 900 ? 0.96 : 0.9);
        Assert.Equal(everyStep ? SweepKind.EveryStep : SweepKind.Bracketed, Transfer.Visit(sweep, new RunOptions(), kind, DeviceKind.Cpu));
        Assert.Equal(900, sweep.N95);
        Assert.Equal(everyStep, sweep.Points.ContainsKey(300));
    }

    [Fact]
    public void WhoAsksForEveryStepGetsIt()
    {
        var sweep = new Sweep(100, 60000, n => n >= 900 ? 0.96 : 0.9);
        Assert.Equal(SweepKind.EveryStep, Transfer.Visit(sweep, new RunOptions { FullSweep = true }, ModelKind.B, DeviceKind.Cpu));
        Assert.Equal(11, sweep.Points.Count);
    }
}
