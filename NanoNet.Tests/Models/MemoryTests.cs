using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels.Memory;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>Training leaves no memory behind and, once warm, asks the device for none.</summary>
public sealed class MemoryTests
{
    private static readonly Shape s_shape = new(8, 8, 2);

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void After_the_first_step_the_pool_serves_every_request(string engine)
    {
        long[] allocations = AllocationsAfterEachStep(Engines.Get(engine).Device, new Sgd());
        Assert.All(allocations, count => Assert.Equal(allocations[0], count));
    }

    // The velocities that the first step makes may take buffers that an engine had borrowed; the second step replaces those.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void With_momentum_after_the_second(string engine)
    {
        long[] allocations = AllocationsAfterEachStep(Engines.Get(engine).Device, new Sgd(0.1f, 0.9f));
        Assert.All(allocations[1..], count => Assert.Equal(allocations[1], count));
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void A_hundred_models_built_and_trained_leave_nothing_behind(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var examples = TinyModel.Examples(device, 20, s_shape);
        BuildAndTrain(device, examples);
        var (live, peak, allocations) = (device.LiveBytes, device.PeakBytes, PoolOf(device).Allocations);
        for (int i = 0; i < 100; i++)
        {
            BuildAndTrain(device, examples);
            Assert.Equal(live, device.LiveBytes);
        }

        Assert.Equal(peak, device.PeakBytes);
        Assert.Equal(allocations, PoolOf(device).Allocations);
    }

    [Fact]
    public void A_failing_operation_leaves_nothing_behind()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, 20, s_shape);
        using var model = TinyModel.EveryLayer(device);
        long live = device.LiveBytes;
        var options = new FitOptions
        {
            ReportEvery = TimeSpan.Zero,
            Progress = new AfterEachStep(() => throw new InvalidOperationException("planned")),
        };
        Assert.Throws<InvalidOperationException>(() => model.Fit(examples, options));
        model.Compile(new Sgd());
        Assert.Equal(live, device.LiveBytes);
    }

    private static long[] AllocationsAfterEachStep(Device device, Sgd optimizer)
    {
        using var examples = TinyModel.Examples(device, 40, s_shape);
        using var model = TinyModel.EveryLayer(device);
        model.Compile(optimizer);
        PoolOf(device).DropCache();
        var allocations = new List<long>();
        model.Fit(examples, new FitOptions
        {
            Epochs = 3,
            BatchSize = 8,
            ReportEvery = TimeSpan.Zero,
            Progress = new AfterEachStep(() => allocations.Add(PoolOf(device).Allocations)),
        });
        Assert.Equal(18, allocations.Count);
        return [.. allocations];
    }

    private static BufferPool PoolOf(Device device) => device.Backend.Pool;

    private static void BuildAndTrain(Device device, Examples examples)
    {
        using var model = TinyModel.EveryLayer(device);
        model.Fit(examples, new FitOptions { Epochs = 1, BatchSize = 8, Validation = examples });
        model.Predict(examples);
    }

    private sealed class AfterEachStep(Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action();
    }
}
