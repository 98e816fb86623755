using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Assignment;

/// <summary>Models A and B, layer by layer as the assignment gives them.</summary>
public static class AssignmentModels
{
    /// <summary>A fresh model with weights drawn from the seed.</summary>
    public static Sequential Create(ModelKind kind, Device device, ulong seed = 42) => kind == ModelKind.A
        ? new Sequential("Model A", device, new Shape(28, 28),
        [
            new Flatten(),
            new Dense(256, ActivationFunction.Relu),
            new Dropout(0.2f),
            new Dense(128, ActivationFunction.Relu),
            new Dense(64, ActivationFunction.Relu),
            new Dropout(0.2f),
            new Dense(10, ActivationFunction.Softmax),
        ], seed)
        : new Sequential("Model B", device, new Shape(28, 28, 1),
        [
            new Conv2D(64, (7, 7), ActivationFunction.Relu, Padding.Same),
            new MaxPool2D((2, 2)),
            new Conv2D(128, (3, 3), ActivationFunction.Relu, Padding.Same),
            new Conv2D(128, (3, 3), ActivationFunction.Relu, Padding.Same),
            new MaxPool2D((2, 2)),
            new Conv2D(256, (3, 3), ActivationFunction.Relu, Padding.Same),
            new Conv2D(256, (3, 3), ActivationFunction.Relu, Padding.Same),
            new MaxPool2D((2, 2)),
            new Flatten(),
            new Dense(128, ActivationFunction.Relu),
            new Dropout(0.5f),
            new Dense(64, ActivationFunction.Relu),
            new Dropout(0.5f),
            new Dense(10, ActivationFunction.Softmax),
        ], seed);
}
