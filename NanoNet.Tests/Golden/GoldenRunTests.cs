using NanoNet.Core.Training;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Golden;

/// <summary>
/// Ten plain SGD steps of Models A and B (no dropout) in float32, held to what libtorch computed in double precision:
/// the logits and gradients of the first step, the weights' movement over three, the losses of all ten.
/// </summary>
/// <remarks>
/// libtorch in float32 is off from these figures, in relative norm, by 4.7e-7 (logits), 1.3e-6 (gradients) and 5.3e-5
/// (movement), and its losses by 1e-7 in the first steps and 6e-5 in the last: pooling and ReLU switch on tiny
/// differences, so a longer run would prove less.
/// </remarks>
public sealed class GoldenRunTests
{
    private static readonly string[] s_models = ["A", "B"];

    public static IEnumerable<TheoryDataRow<string, string>> Runs =>
        from engine in Engines.ForTraining
        from model in s_models
        select new TheoryDataRow<string, string>(model, engine.Name);

    public static IEnumerable<TheoryDataRow<string>> GpuEngines =>
        (from engine in Engines.ForTraining
         where engine.Backend is IlgpuBackend
         select new TheoryDataRow<string>(engine.Name))
        .DefaultIfEmpty(new("none") { Skip = Engines.NoGpu });

    // Ten steps of B take an OpenCL device that is this very CPU half a minute: once is enough.
    public static IEnumerable<TheoryDataRow<string, string>> FitRuns =>
        Runs.Where(run => run.Data is not ("B", "opencl"));

    [Theory]
    [EngineTest]
    [MemberData(nameof(Runs))]
    public void A_loop_of_ones_own_follows_libtorch(string model, string engine) =>
        GoldenRun.Train(Engines.Get(engine).Device, model)
            .AssertWithin(GoldenRun.Float32Bounds, $"{model} on {engine}");

    [Theory]
    [EngineTest]
    [MemberData(nameof(GpuEngines))]
    public void Model_B_follows_libtorch_without_Winograds_method_too(string engine)
    {
        var convolutions = ((IlgpuBackend)Engines.Get(engine).Backend).Convolutions;
        convolutions.ForcedWinograd = false;
        try
        {
            A_loop_of_ones_own_follows_libtorch("B", engine);
        }
        finally
        {
            convolutions.ForcedWinograd = null;
        }
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(FitRuns))]
    public void Fit_follows_libtorch(string model, string engine)
    {
        var device = Engines.Get(engine).Device;
        var golden = GoldenRun.Open(model);
        using var net = GoldenModel.Create(device, model);
        using var examples = GoldenModel.Examples(device, model);
        float[][] initial = net.GetWeights();
        double[] sums = new double[GoldenModel.Steps + 1];
        double movement = double.NaN;
        var progress = new EveryStep(report =>
        {
            sums[report.Step] = report.Running.Loss * report.Step;
            if (report.Step == GoldenRun.MovementSteps)
            {
                movement = GoldenRun.ErrorOfMovement(golden, initial, net.GetWeights());
            }
        });
        net.Fit(examples, new FitOptions
        {
            BatchSize = GoldenModel.Batch,
            Shuffle = false,
            Progress = progress,
            ReportEvery = TimeSpan.Zero,
        });
        double[] losses = GoldenRun.LossErrors(golden, [.. sums.Skip(1).Zip(sums, (after, before) => after - before)]);
        Assert.Equal(GoldenModel.Steps, losses.Length);
        var run = new GoldenRun(0, 0, movement, losses.Take(5).Max(), losses.Max(), "");
        run.AssertWithin(GoldenRun.Float32Bounds, $"Fit of {model} on {engine}");
    }

    [Fact]
    public void A_weight_that_is_off_is_noticed()
    {
        double error = Check.RelativeNorm([1, 2, 3, 4], [1, 2, 3, 4.001f]);
        Assert.InRange(error, 1.8e-4, 1.9e-4);
        Assert.ThrowsAny<Exception>(
            () => new GoldenRun(0, error, 0, 0, 0, "").AssertWithin(GoldenRun.Float32Bounds, "planted"));
    }

    /// <summary>Reports on the training thread, step by step.</summary>
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
