using NanoNet.Assignment;
using NanoNet.Core.Autograd;
using NanoNet.Core.Data;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>
/// Ten steps of plain SGD on Models A and B without dropout, against what libtorch computed in double precision: logits and gradients
/// of the first step, how far the weights moved in three, the losses of all ten.
/// </summary>
/// <remarks>
/// The bounds are relative L2 norms. libtorch's own float32 run differs from the double one by 4.7e-7 (logits), 1.3e-6 (gradients),
/// 5.3e-5 (movement), and in its losses by 1e-7 in the first six steps and 6e-5 in the last.
/// </remarks>
public class GoldenRunTests
{
    private const int Batch = 32;
    private const int Steps = 10;

    public static TheoryData<string, string> Runs()
    {
        var runs = new TheoryData<string, string>();
        foreach (var engine in Engines.ForTraining)
        {
            runs.Add(engine.Name, "A");
            runs.Add(engine.Name, "B");
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Ten_steps_are_those_of_libtorch_in_double_precision(string engineName, string modelName)
    {
        var golden = new SafetensorsFile(Path.Combine(AppContext.BaseDirectory, "TestData", "golden", $"{modelName.ToLowerInvariant()}.safetensors"));
        var device = Engines.Get(engineName).Device;
        using var model = WithoutDropout(Enum.Parse<ModelKind>(modelName), device);
        float[][] initial = SetFormulaWeights(model, golden, modelName == "A" ? 11u : 12u);
        using var optimizer = new Sgd(0.05f);
        var images = FashionMnist.Load().Train.Take(Steps * Batch);
        var losses = new double[Steps];
        for (int step = 0; step < Steps; step++)
        {
            using var tape = new GradientTape();
            var x = BatchOf(images, step, model, device);
            var labels = Tensor.FromLabels(device, Array.ConvertAll(images.Labels.Slice(step * Batch, Batch).ToArray(), label => (int)label));
            var logits = model.Logits(x, training: true);
            var loss = Op.SoftmaxCrossEntropy(logits, labels);
            var gradients = tape.Gradient(loss, model.Parameters);
            losses[step] = loss.Item();
            if (step == 0)
            {
                AssertClose("logits", golden["logits.step0"], logits.ToArray(), 1e-5);
                ForEachParameter(model, (name, i) => AssertSampled($"gradient.step0.{name}", golden, gradients[i].ToArray(), 1e-4));
            }

            optimizer.Apply(model.Parameters, gradients);
            if (step == 2)
            {
                ForEachParameter(model, (name, i) =>
                    AssertSampled($"movement.step3.{name}", golden, Movement(initial[i], model.Parameters[i].ToArray()), 2e-3));
            }
        }

        for (int step = 0; step < Steps; step++)
        {
            double expected = golden["losses"][step];
            double error = Math.Abs(losses[step] - expected) / expected;
            Assert.True(error <= (step < 5 ? 1e-5 : 1e-3), $"loss of step {step}: expected {expected:R}, got {losses[step]:R}, off by {error:E1}");
        }
    }

    [Fact]
    public void A_weight_that_is_off_is_noticed()
    {
        double[] expected = [1, 2, 3, 4];
        Assert.ThrowsAny<Exception>(() => AssertClose("planted", expected, [1, 2, 3, 4.001f], 1e-4));
    }

    private static Sequential WithoutDropout(ModelKind kind, Device device)
    {
        // The same layers as the assignment's model, taken over without those that drop.
        using var model = AssignmentModels.Create(kind, device);
        Layer[] layers = [.. model.Layers.Where(layer => layer is not Dropout).Select(Copy)];
        return new Sequential($"{model.Name} without dropout", device, model.InputShape, layers);
    }

    private static Layer Copy(Layer layer) => layer switch
    {
        Flatten => new Flatten(),
        Dense dense => new Dense(dense.Units, dense.Activation),
        MaxPool2D pool => new MaxPool2D(pool.PoolSize, pool.Strides, pool.Padding),
        Conv2D convolution => new Conv2D(convolution.Filters, convolution.KernelSize, convolution.Activation, convolution.Padding),
        _ => throw new NotSupportedException(layer.TypeName),
    };

    private static float[][] SetFormulaWeights(Sequential model, SafetensorsFile golden, uint seed)
    {
        var weights = new float[model.Parameters.Count][];
        ForEachParameter(model, (name, t) =>
        {
            var shape = model.Parameters[t].Shape;
            double limit = shape.Rank == 1 ? 0.05 : Math.Sqrt(3.0 / (shape.Count / shape[^1]));
            weights[t] = GoldenWeights.Create(seed, (uint)t, shape.Count, limit);
            if (t < 2)
            {
                Assert.Equal(golden[$"initial.{name}.first4"], weights[t].Take(4).Select(value => (double)value));
            }
        });
        model.SetWeights(weights);
        return weights;
    }

    private static Tensor BatchOf(ImageDataset images, int step, Sequential model, Device device)
    {
        int size = model.InputShape.Count;
        var pixels = images.Images.Slice(step * Batch * size, Batch * size).ToArray();
        return Tensor.From(device, Array.ConvertAll(pixels, pixel => pixel / 255f), model.InputShape.Batched(Batch));
    }

    private static float[] Movement(float[] before, float[] after) => [.. after.Zip(before, (a, b) => a - b)];

    // Golden names count layers with weights: 0.kernel, 0.bias, 1.kernel, …
    private static void ForEachParameter(Sequential model, Action<string, int> action)
    {
        for (int i = 0; i < model.Parameters.Count; i++)
        {
            action($"{i / 2}.{(i % 2 == 0 ? "kernel" : "bias")}", i);
        }
    }

    private static void AssertSampled(string name, SafetensorsFile golden, float[] actual, double bound)
    {
        int stride = actual.Length <= 1000 ? 1 : actual.Length / 1000;
        var sample = Enumerable.Range(0, golden[$"{name}.sample"].Length).Select(k => actual[k * stride]).ToArray();
        AssertClose(name, golden[$"{name}.sample"], sample, bound);
        double norm = Math.Sqrt(actual.Sum(value => (double)value * value));
        double expected = golden[$"{name}.norm"][0];
        Assert.True(Math.Abs(norm - expected) <= bound * expected, $"{name}: expected a norm of {expected:R}, got {norm:R}");
    }

    private static void AssertClose(string name, double[] expected, float[] actual, double bound)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
        double error = difference / Math.Sqrt(expected.Sum(e => e * e));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {error:E1} of {bound:E1}");
        Assert.True(error <= bound, $"{name}: relative error {error:E2} above {bound:E1}");
    }
}
