using NanoNet.Core.Autograd;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Golden;

/// <summary>
/// Plain SGD steps of Model A or B without dropout, and how far they are from what libtorch computed in double
/// precision, in relative norm: the worst tensor counts.
/// </summary>
/// <param name="Logits">The first step's logits.</param>
/// <param name="Gradients">Its gradients, by the entries that the file holds and by their whole norms.</param>
/// <param name="Movement">The weights' movement over three steps, likewise.</param>
/// <param name="EarlyLoss">The losses of the first five steps.</param>
/// <param name="Loss">The losses of all.</param>
/// <param name="WorstGradient">The gradient that is furthest off.</param>
internal sealed record GoldenRun(
    double Logits, double Gradients, double Movement, double EarlyLoss, double Loss, string WorstGradient)
{
    /// <summary>After how many steps the file has the weights' movement.</summary>
    public const int MovementSteps = 3;

    private const int EarlySteps = 5;

    /// <summary>What float32 may be off by: ten times and more what libtorch is in float32.</summary>
    public static readonly GoldenRun Float32Bounds = new(
        Logits: 1e-5, Gradients: 1e-4, Movement: 2e-3, EarlyLoss: 1e-5, Loss: 1e-3, WorstGradient: "");

    /// <summary>The golden figures of a model.</summary>
    public static Safetensors Open(string model) =>
        new(TestFiles.PathOf($"golden/{(model == "A" ? "a" : "b")}.safetensors"));

    /// <summary>Trains by a loop of one's own.</summary>
    /// <param name="device">Where.</param>
    /// <param name="model">A or B.</param>
    /// <param name="steps">How many steps of ten; what comes later counts as exact.</param>
    public static GoldenRun Train(Device device, string model, int steps = GoldenModel.Steps)
    {
        var golden = Open(model);
        using var net = GoldenModel.Create(device, model);
        using var examples = GoldenModel.Examples(device, model);
        using var order = new ExampleOrder(examples);
        float[][] initial = net.GetWeights();
        Assert.Equal(golden["initial.0.kernel.first4"], initial[0].Take(4).Select(weight => (double)weight));
        Assert.Equal(golden["initial.0.bias.first4"], initial[1].Take(4).Select(weight => (double)weight));

        var clock = new StepClock();
        double[] losses = new double[steps];
        double logitsError = 0;
        var gradientError = (Error: 0.0, Tensor: "");
        double movementError = 0;
        for (int step = 0; step < steps; step++)
        {
            using var tape = new GradientTape();
            clock.Start = step * GoldenModel.Batch;
            var logits = net.Logits(examples.GatherInputs(order, GoldenModel.Batch, net.InputShape, clock));
            var loss = Op.SoftmaxCrossEntropy(logits, examples.GatherTargets(order, GoldenModel.Batch, clock));
            var gradients = tape.Gradient(loss, net.Parameters);
            losses[step] = loss.Item();
            if (step == 0)
            {
                logitsError = Check.RelativeNorm(golden["logits.step0"], logits.ToArray());
                gradientError = Error(golden, "gradient.step0", [.. gradients.Select(gradient => gradient.ToArray())]);
            }

            net.Optimizer!.Apply(net.Parameters, gradients);
            if (step + 1 == MovementSteps)
            {
                movementError = ErrorOfMovement(golden, initial, net.GetWeights());
            }
        }

        double[] lossErrors = LossErrors(golden, losses);
        return new(logitsError, gradientError.Error, movementError,
            lossErrors.Take(EarlySteps).Max(), lossErrors.Max(), gradientError.Tensor);
    }

    /// <summary>How far the weights' movement is off.</summary>
    public static double ErrorOfMovement(Safetensors golden, float[][] initial, float[][] weights)
    {
        float[][] movements =
            [.. weights.Zip(initial, (after, before) => after.Zip(before, (w, start) => w - start).ToArray())];
        return Error(golden, $"movement.step{MovementSteps}", movements).Error;
    }

    /// <summary>How far each loss is off.</summary>
    public static double[] LossErrors(Safetensors golden, double[] losses) =>
        [.. losses.Zip(golden["losses"], (actual, expected) => OrInfinite(Math.Abs(actual - expected) / expected))];

    /// <summary>Fails unless every error is within a bound; tells them to those who ask for output.</summary>
    /// <param name="bounds">The bounds.</param>
    /// <param name="what">What was run.</param>
    public void AssertWithin(GoldenRun bounds, string what)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: off by {this}");
        Assert.True(
            Logits <= bounds.Logits && Gradients <= bounds.Gradients && Movement <= bounds.Movement
                && EarlyLoss <= bounds.EarlyLoss && Loss <= bounds.Loss,
            $"{what}: off by {this}, allowed {bounds}.");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"logits {Logits:G3}, gradients {Gradients:G3}{(WorstGradient.Length > 0 ? $" ({WorstGradient})" : "")}, "
        + $"movement {Movement:G3}, first five losses {EarlyLoss:G3}, losses {Loss:G3}";

    // What is not a number is infinitely wrong: the largest of several errors would not be told otherwise.
    private static double OrInfinite(double error) => double.IsNaN(error) ? double.PositiveInfinity : error;

    // Tensors come kernel, bias, kernel, bias, …; the file holds up to a thousand entries of each, and its norm.
    private static (double Error, string Tensor) Error(Safetensors golden, string kind, float[][] tensors)
    {
        var worst = (Error: 0.0, Tensor: "");
        for (int i = 0; i < tensors.Length; i++)
        {
            string name = $"{kind}.{i / 2}.{(i % 2 == 0 ? "kernel" : "bias")}";
            double[] sample = golden[$"{name}.sample"];
            double norm = golden[$"{name}.norm"][0];
            int stride = tensors[i].Length / sample.Length;
            float[] actual = [.. Enumerable.Range(0, sample.Length).Select(k => tensors[i][k * stride])];
            double ofNorm = Math.Abs(Math.Sqrt(tensors[i].Sum(value => (double)value * value)) - norm) / norm;
            double error = OrInfinite(Math.Max(Check.RelativeNorm(sample, actual), ofNorm));
            worst = error > worst.Error ? (error, name) : worst;
        }

        Assert.False(
            golden.Contains($"{kind}.{tensors.Length / 2}.kernel.sample"), "the file has more tensors than the model");
        return worst;
    }
}
