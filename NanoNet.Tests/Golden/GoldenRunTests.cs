using NanoNet.Core.Autograd;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Golden;

/// <summary>
/// Ten plain SGD steps of Models A and B (no dropout), held to what libtorch computed in double precision: the logits and gradients
/// of the first step, the weights' movement over three, the losses of all ten.
/// </summary>
/// <remarks>
/// libtorch in float32 is off from these figures, in relative norm, by 4.7e-7 (logits), 1.3e-6 (gradients) and 5.3e-5 (movement),
/// and its losses by 1e-7 in the first steps and 6e-5 in the last: pooling and ReLU switch on tiny differences, so a longer run
/// would prove less.
/// </remarks>
public sealed class GoldenRunTests
{
    private const double LogitsBound = 1e-5;
    private const double GradientBound = 1e-4;
    private const double MovementBound = 2e-3;
    private const double EarlyLossBound = 1e-5;
    private const double LossBound = 1e-3;
    private const int EarlySteps = 5;
    private const int MovementSteps = 3;
    private static readonly string[] s_models = ["A", "B"];

    public static IEnumerable<TheoryDataRow<string, string>> Runs =>
        from engine in Engines.ForTraining
        from model in s_models
        select new TheoryDataRow<string, string>(model, engine.Name);

    public static IEnumerable<TheoryDataRow<string>> GpuEngines =>
        from engine in Engines.ForTraining
        where engine.Backend is IlgpuBackend
        select new TheoryDataRow<string>(engine.Name);

    // Ten steps of B take an OpenCL device that is this very CPU half a minute: once is enough.
    public static IEnumerable<TheoryDataRow<string, string>> FitRuns => Runs.Where(run => run.Data is not ("B", "opencl"));

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_loop_of_ones_own_follows_libtorch(string model, string engine)
    {
        var device = Engines.Get(engine).Device;
        var golden = Open(model);
        using var net = GoldenModel.Create(device, model);
        using var examples = GoldenModel.Examples(device, model);
        using var order = new ExampleOrder(examples);
        float[][] initial = net.GetWeights();
        Assert.Equal(golden["initial.0.kernel.first4"], initial[0].Take(4).Select(weight => (double)weight));
        Assert.Equal(golden["initial.0.bias.first4"], initial[1].Take(4).Select(weight => (double)weight));

        var clock = new StepClock();
        double[] losses = new double[GoldenModel.Steps];
        for (int step = 0; step < GoldenModel.Steps; step++)
        {
            using var tape = new GradientTape();
            clock.Start = step * GoldenModel.Batch;
            var logits = net.Logits(examples.GatherInputs(order, GoldenModel.Batch, net.InputShape, clock));
            var loss = Op.SoftmaxCrossEntropy(logits, examples.GatherTargets(order, GoldenModel.Batch, clock));
            var gradients = tape.Gradient(loss, net.Parameters);
            losses[step] = loss.Item();
            if (step == 0)
            {
                Near($"{model} on {engine}: logits", golden["logits.step0"], logits.ToArray(), LogitsBound);
                AssertTensors(golden, $"{model} on {engine}", "gradient.step0", [.. gradients.Select(Doubles)], GradientBound);
            }

            net.Optimizer!.Apply(net.Parameters, gradients);
            if (step + 1 == MovementSteps)
            {
                AssertMovement(golden, $"{model} on {engine}", initial, net);
            }
        }

        AssertLosses(golden, $"{model} on {engine}", losses);
    }

    [Theory]
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
    [MemberData(nameof(FitRuns))]
    public void Fit_follows_libtorch(string model, string engine)
    {
        var device = Engines.Get(engine).Device;
        var golden = Open(model);
        using var net = GoldenModel.Create(device, model);
        using var examples = GoldenModel.Examples(device, model);
        float[][] initial = net.GetWeights();
        double[] sums = new double[GoldenModel.Steps + 1];
        var progress = new EveryStep(report =>
        {
            sums[report.Step] = report.Running.Loss * report.Step;
            if (report.Step == MovementSteps)
            {
                AssertMovement(golden, $"Fit of {model} on {engine}", initial, net);
            }
        });
        net.Fit(examples, new FitOptions
        {
            BatchSize = GoldenModel.Batch,
            Shuffle = false,
            Progress = progress,
            ReportEvery = TimeSpan.Zero,
        });
        AssertLosses(golden, $"Fit of {model} on {engine}", [.. sums.Skip(1).Zip(sums, (after, before) => after - before)]);
    }

    [Fact]
    public void A_weight_that_is_off_is_noticed() =>
        Assert.ThrowsAny<Exception>(() => Near("planted", [1, 2, 3, 4], [1, 2, 3, 4.001f], GradientBound));

    private static Safetensors Open(string model) => new(TestFiles.PathOf($"golden/{(model == "A" ? "a" : "b")}.safetensors"));

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.ToArray(), value => (double)value);

    private static void AssertMovement(Safetensors golden, string what, float[][] initial, Sequential net)
    {
        var movements = net.GetWeights().Zip(initial, (after, before) =>
            after.Zip(before, (w, start) => (double)w - start).ToArray());
        AssertTensors(golden, what, $"movement.step{MovementSteps}", [.. movements], MovementBound);
    }

    // Tensors come kernel, bias, kernel, bias, …; the file holds up to a thousand entries of each, and its norm.
    private static void AssertTensors(Safetensors golden, string what, string kind, double[][] tensors, double bound)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            string name = $"{kind}.{i / 2}.{(i % 2 == 0 ? "kernel" : "bias")}";
            double[] sample = golden[$"{name}.sample"];
            double norm = golden[$"{name}.norm"][0];
            int stride = tensors[i].Length / sample.Length;
            double[] actual = [.. Enumerable.Range(0, sample.Length).Select(k => tensors[i][k * stride])];
            double error = Norm([.. actual.Zip(sample, (a, b) => a - b)]) / Norm(sample);
            Assert.True(error <= bound, $"{what}: {name}.sample is off by {error:G3} in relative norm, allowed {bound:G3}.");
            double normError = Math.Abs(Norm(tensors[i]) - norm) / norm;
            Assert.True(normError <= bound, $"{what}: {name}.norm is off by {normError:G3}, allowed {bound:G3}.");
        }

        Assert.False(golden.Contains($"{kind}.{tensors.Length / 2}.kernel.sample"), "the file holds more tensors than the model");
    }

    private static void AssertLosses(Safetensors golden, string what, double[] losses)
    {
        double[] expected = golden["losses"];
        Assert.Equal(expected.Length, losses.Length);
        for (int step = 0; step < losses.Length; step++)
        {
            double error = Math.Abs(losses[step] - expected[step]) / expected[step];
            double bound = step < EarlySteps ? EarlyLossBound : LossBound;
            Assert.True(error <= bound, $"{what}: the loss of step {step} is {losses[step]:G9}, expected {expected[step]:G9}, off by {error:G3}, allowed {bound:G3}.");
        }
    }

    private static void Near(string what, double[] expected, ReadOnlySpan<float> actual, double bound)
    {
        double error = Check.RelativeNorm(expected, actual);
        Assert.True(error <= bound, $"{what}: off by {error:G3} in relative norm, allowed {bound:G3}.");
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

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
