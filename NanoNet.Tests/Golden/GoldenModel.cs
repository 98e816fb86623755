using NanoNet.Core.Data;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Golden;

/// <summary>Models A and B without dropout, with weights by formula, and the images that the golden runs saw.</summary>
internal static class GoldenModel
{
    public const int Batch = 32;
    public const int Steps = 10;
    public const float LearningRate = 0.05f;
    public const int Classes = 10;

    private static readonly Lazy<(byte[] Pixels, byte[] Labels)> s_data = new(() =>
    {
        var images = FashionMnist.Load().Train;
        return (images.Images[..(Steps * Batch * 28 * 28)].ToArray(), images.Labels[..(Steps * Batch)].ToArray());
    });

    /// <summary>The first 320 training images of Fashion-MNIST in file order.</summary>
    public static Examples Examples(Device device, string model) =>
        Core.Training.Examples.FromBytes(device, s_data.Value.Pixels, InputShape(model), s_data.Value.Labels);

    /// <summary>A compiled model with the golden runs' first weights.</summary>
    public static Sequential Create(Device device, string model)
    {
        var created = new Sequential($"Golden {model}", device, InputShape(model), model == "A" ? LayersOfA() : LayersOfB());
        created.SetWeights(Weights(created, model == "A" ? 11u : 12u));
        created.Compile(new Sgd(LearningRate));
        return created;
    }

    private static Shape InputShape(string model) => model == "A" ? new(28, 28) : new(28, 28, 1);

    private static Layer[] LayersOfA() =>
    [
        new Flatten(),
        new Dense(256, ActivationFunction.Relu),
        new Dense(128, ActivationFunction.Relu),
        new Dense(64, ActivationFunction.Relu),
        new Dense(Classes, ActivationFunction.Softmax),
    ];

    private static Layer[] LayersOfB() =>
    [
        new Conv2D(64, (7, 7), ActivationFunction.Relu, Padding.Same),
        new MaxPool2D(),
        new Conv2D(128, (3, 3), ActivationFunction.Relu, Padding.Same),
        new Conv2D(128, (3, 3), ActivationFunction.Relu, Padding.Same),
        new MaxPool2D(),
        new Conv2D(256, (3, 3), ActivationFunction.Relu, Padding.Same),
        new Conv2D(256, (3, 3), ActivationFunction.Relu, Padding.Same),
        new MaxPool2D(),
        new Flatten(),
        new Dense(128, ActivationFunction.Relu),
        new Dense(64, ActivationFunction.Relu),
        new Dense(Classes, ActivationFunction.Softmax),
    ];

    private static float[][] Weights(Sequential model, uint seed)
    {
        var weights = new List<float[]>();
        foreach (var parameter in model.Layers.SelectMany(layer => layer.Parameters))
        {
            var shape = parameter.Value.Shape;
            double fanIn = (double)shape.Count / shape[^1];
            weights.Add(Formula(shape.Count, seed, (uint)weights.Count, parameter.Name == "kernel" ? Math.Sqrt(3 / fanIn) : 0.05));
        }

        return [.. weights];
    }

    // A hash of seed, tensor and place, spread over [−limit, limit).
    private static float[] Formula(int count, uint seed, uint tensor, double limit)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint h = (seed * 2654435761) + (tensor * 40503) + ((uint)(i + 1) * 2246822519);
            h ^= h >> 15;
            h *= 2654435761;
            h ^= h >> 13;
            h *= 3266489917;
            h ^= h >> 16;
            values[i] = (float)((((h >> 8) / 8388608.0) - 1.0) * limit);
        }

        return values;
    }
}
