using NanoNet.Assignment;
using NanoNet.Core.Initializers;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Layers;

/// <summary>Keras' default weights: their limits, as Keras computes them for both models, and their moments.</summary>
public sealed class GlorotUniformTests
{
    [Theory]
    [InlineData(0.075955, 784, 256)]
    [InlineData(0.125000, 256, 128)]
    [InlineData(0.176777, 128, 64)]
    [InlineData(0.284747, 64, 10)]
    [InlineData(0.043403, 7, 7, 1, 64)]
    [InlineData(0.058926, 3, 3, 64, 128)]
    [InlineData(0.051031, 3, 3, 128, 128)]
    [InlineData(0.041667, 3, 3, 128, 256)]
    [InlineData(0.036084, 3, 3, 256, 256)]
    [InlineData(0.049670, 2304, 128)]
    public void Limits_are_those_of_Keras(double limit, params int[] shape) =>
        Assert.Equal(limit, GlorotUniform.Limit(new Shape(shape)), 5e-7);

    // A uniform number in [−L, L) has mean 0, variance L²/3 and fourth moment L⁴/5: bounds of four standard deviations.
    [Fact]
    public void Weights_of_model_B_are_uniform_within_their_limits_and_biases_zero()
    {
        using var model = AssignmentModels.Create(ModelKind.B, Engines.Simd.Device);
        foreach (var parameter in model.Layers.SelectMany(layer => layer.Parameters))
        {
            float[] values = parameter.Value.ToArray();
            if (parameter.Name == "bias")
            {
                Assert.All(values, value => Assert.Equal(0, value));
                continue;
            }

            double limit = GlorotUniform.Limit(parameter.Value.Shape);
            int count = values.Length;
            Assert.InRange(values.Max(Math.Abs), limit * (1 - (20.0 / count)), limit * (1 + Tolerance.Unit));
            Assert.Equal(0, values.Average(value => (double)value), 4 * limit * Math.Sqrt(1.0 / 3 / count));
            double variance = values.Average(value => (double)value * value);
            Assert.Equal(limit * limit / 3, variance, 4 * limit * limit * Math.Sqrt(((1.0 / 5) - (1.0 / 9)) / count));
        }
    }

    [Fact]
    public void Each_parameter_and_each_draw_has_numbers_of_its_own()
    {
        var key = RandomKey.For(42, RandomPurpose.Weights, "Model A");
        var initializer = new GlorotUniform();
        float[] values = initializer.Create(new(7, 5), key, 0);
        Assert.Equal(values, initializer.Create(new(7, 5), key, 0));
        Assert.NotEqual(values, initializer.Create(new(7, 5), key, 1));
        Assert.NotEqual(values, initializer.Create(new(7, 5), RandomKey.For(42, RandomPurpose.Weights, "Model A", 1), 0));
    }

    [Fact]
    public void All_engines_start_from_the_same_weights()
    {
        foreach (var engine in Engines.ForTraining)
        {
            using var model = AssignmentModels.Create(ModelKind.A, engine.Device);
            using var expected = AssignmentModels.Create(ModelKind.A, Engines.Simd.Device);
            for (int i = 0; i < model.Parameters.Count; i++)
            {
                Check.SameBits<float>($"parameter {i} on {engine}", expected.Parameters[i].ToArray(), model.Parameters[i].ToArray());
            }
        }
    }
}
