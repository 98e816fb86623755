using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Models;

/// <summary>Models and examples small enough to train in a test.</summary>
internal static class TinyModel
{
    public const int Features = 5;
    public const int Classes = 3;

    /// <summary>A softmax regression: convex, no kinks, so a double-precision run follows it closely.</summary>
    public static Sequential Regression(Device device, float rate = 0.1f, float momentum = 0, bool nesterov = false, string name = "Tiny")
    {
        var model = new Sequential(name, device, new Shape(Features), [new Dense(Classes, ActivationFunction.Softmax)], seed: 7);
        model.Compile(new Sgd(rate, momentum, nesterov));
        return model;
    }

    /// <summary>Every kind of layer there is, dropout too.</summary>
    public static Sequential EveryLayer(Device device, ulong seed = 7)
    {
        var model = new Sequential("Every layer", device, new Shape(8, 8, 2),
        [
            new Conv2D(5, (3, 3), ActivationFunction.Relu, Padding.Same),
            new MaxPool2D(),
            new Dropout(0.2f),
            new Conv2D(4, (2, 2), ActivationFunction.Linear, strides: (2, 1)),
            new Activation(ActivationFunction.Sigmoid),
            new Flatten(),
            new Dense(7, ActivationFunction.Relu),
            new Dropout(0.3f),
            new Dense(Classes),
            new Activation(ActivationFunction.Softmax),
        ], seed);
        model.Compile(new Sgd(0.1f, momentum: 0.9f, nesterov: true));
        return model;
    }

    /// <summary>Random inputs whose label is the place of the largest of the first elements: something to learn.</summary>
    public static (NdArray Inputs, int[] Labels) Data(int count, int size = Features)
    {
        var inputs = new Numbers($"data {count} {size}").Uniform(count, size);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            var head = inputs.Values.AsSpan(i * size, Classes);
            labels[i] = head.IndexOf(head.ToArray().Max());
        }

        return (inputs, labels);
    }

    public static Examples Examples(Device device, int count, Shape? shape = null)
    {
        var exampleShape = shape ?? new Shape(Features);
        var (inputs, labels) = Data(count, exampleShape.Count);
        return Core.Training.Examples.FromArrays(device, inputs.Floats, exampleShape, labels);
    }
}
