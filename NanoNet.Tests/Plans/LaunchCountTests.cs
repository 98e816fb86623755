using NanoNet.Assignment;
using NanoNet.Core.Data;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Training;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>How many kernels a training step at batch 32 launches: what small nets wait for on a GPU.</summary>
public sealed class LaunchCountTests
{
    private const int Rows = 32;

    public static IEnumerable<TheoryDataRow<string, string, bool, int>> Counts =>
        from engine in Engines.ForTraining
        where engine.Backend is IlgpuBackend
        from row in new[]
        {
            (Model: nameof(ModelKind.A), Winograd: true, Launches: 17),
            (Model: nameof(ModelKind.B), Winograd: true, Launches: 78),
            (Model: nameof(ModelKind.B), Winograd: false, Launches: 54),
        }
        select new TheoryDataRow<string, string, bool, int>(row.Model, engine.Name, row.Winograd, row.Launches);

    [Theory]
    [EngineTest]
    [MemberData(nameof(Counts), DisableDiscoveryEnumeration = true)]
    public void A_training_step_launches_so_many_kernels(string kind, string engine, bool winograd, int launches)
    {
        var device = Engines.Get(engine).Device;
        using var model = AssignmentModels.Create(Enum.Parse<ModelKind>(kind), device);
        model.Compile(new Sgd(0.01f));
        var data = FashionMnist.Load().Train;
        using var examples = Examples.FromBytes(
            device, data.Images[..(2 * Rows * 784)].ToArray(), model.InputShape, data.Labels[..(2 * Rows)].ToArray());
        var backend = (IlgpuBackend)device.Backend;
        var queue = backend.Queue;
        backend.Convolutions.ForcedWinograd = winograd ? null : false;
        List<string> all = [];
        int[] until = new int[3];
        queue.Launching = kernel =>
        {
            // The clock is set in the first steps and moves by itself from then on.
            if (kernel.Name != nameof(DeviceClock.SetKernel))
            {
                all.Add($"{kernel.DeclaringType!.Name}.{kernel.Name}");
            }
        };
        try
        {
            model.Fit(examples, new FitOptions
            {
                BatchSize = Rows,
                Progress = new EveryStep(report => until[report.Step] = all.Count),
                ReportEvery = TimeSpan.Zero,
            });
        }
        finally
        {
            queue.Launching = null;
            backend.Convolutions.ForcedWinograd = null;
        }

        var second = all[until[1]..until[2]];
        Assert.True(
            second.Count == launches,
            $"{second.Count} launches, expected {launches}:\n{string.Join("\n", second)}");
    }

    private sealed class EveryStep(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Finished is null)
            {
                report(value);
            }
        }
    }
}
