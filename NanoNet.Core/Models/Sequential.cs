using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Losses;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Core.Models;

/// <summary>
/// A stack of layers, each feeding the next. <c>Compile</c>, <c>Fit</c>, <c>Evaluate</c>, <c>Predict</c>, <c>Summary</c>,
/// <c>Save</c> and <c>Load</c> mean what they mean in Keras.
/// </summary>
/// <remarks>Owns its layers and the optimizer it was compiled with. <example><code>
/// using var device = Device.Open();
/// using var model = new Sequential("Model A", device, new Shape(28, 28),
/// [
///     new Flatten(),
///     new Dense(128, ActivationFunction.Relu),
///     new Dense(10, ActivationFunction.Softmax),
/// ]);
/// </code></example></remarks>
public sealed partial class Sequential : IDisposable
{
    private readonly Layer[] _layers;
    private readonly Tensor[] _parameters;

    /// <summary>Builds the layers and draws their first weights.</summary>
    /// <param name="name">The model's name; part of the key for its random numbers.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="inputShape">The shape of one example, without the batch axis.</param>
    /// <param name="layers">The layers in order; they belong to the model from here on.</param>
    /// <param name="seed">The seed of everything random: weights, orders, dropout.</param>
    /// <exception cref="ShapeException">A layer cannot take the output of the one before it; the message names the layer.</exception>
    public Sequential(string name, Device device, Shape inputShape, IEnumerable<Layer> layers, ulong seed = 42)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Device = device;
        InputShape = inputShape;
        Seed = seed;
        _layers = [.. layers];
        if (_layers.Length == 0)
        {
            throw new ArgumentException($"{name}: expected at least one layer, got none.", nameof(layers));
        }

        BuildLayers();
        _parameters = [.. _layers.SelectMany(layer => layer.Parameters).Select(parameter => parameter.Value)];
        ResetWeights();
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>Where it lives.</summary>
    public Device Device { get; }

    /// <summary>The shape of one example that goes in.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one example that comes out.</summary>
    public Shape OutputShape => _layers[^1].OutputShape;

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>All parameters in Keras' order: kernel, bias, kernel, bias, …; owned by the layers.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>How many numbers the parameters hold.</summary>
    public int ParameterCount => _parameters.Sum(parameter => parameter.Count);

    /// <summary>What the model was compiled with, or null.</summary>
    public Optimizer? Optimizer { get; private set; }

    /// <summary>What the model was compiled with, or null.</summary>
    public CategoricalCrossentropy? Loss { get; private set; }

    /// <summary>
    /// Epoch and step, from which dropout masks follow. <c>Fit</c> moves it; a loop of one's own need not: each training pass
    /// outside <c>Fit</c> counts as a step.
    /// </summary>
    public StepClock Clock { get; } = new();

    /// <summary>Whether steps may be recorded and replayed: see <see cref="Layer.CanReplay"/>.</summary>
    private bool CanReplay => _layers.All(layer => layer.CanReplay);

    /// <summary>Says how the model will be trained. Compiling again starts a new optimizer.</summary>
    public void Compile(Optimizer optimizer, CategoricalCrossentropy? loss = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer?.Dispose();
        Optimizer = optimizer;
        Loss = loss ?? new CategoricalCrossentropy();
    }

    /// <summary>The outputs for a batch, [batch, …].</summary>
    /// <param name="x">[batch, …input shape…], or any shape of as many elements an example.</param>
    /// <param name="training">Whether layers behave as in training: dropout drops.</param>
    /// <exception cref="ShapeException">An example has not as many elements as the model's input.</exception>
    public Tensor Forward(Tensor x, bool training = false)
    {
        var context = BeginPass(training);
        return Through(_layers, AsInput(x), context);
    }

    /// <summary>
    /// The scores before the final softmax, [batch, classes]: what <see cref="Ops.Op.SoftmaxCrossEntropy"/> takes.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model does not end in a softmax.</exception>
    public Tensor Logits(Tensor x, bool training = false) => Logits(AsInput(x), BeginPass(training));

    /// <summary>Draws the weights anew.</summary>
    /// <param name="draw">Which of several repetitions: each has weights of its own.</param>
    public void ResetWeights(int draw = 0)
    {
        var key = RandomKey.For(Seed, RandomPurpose.Weights, Name, draw);
        int stream = 0;
        foreach (var parameter in _layers.SelectMany(layer => layer.Parameters))
        {
            parameter.Value.Assign(parameter.Initializer.Create(parameter.Value.Shape, key, stream++));
        }
    }

    /// <summary>Copies of all parameters' values, in the order of <see cref="Parameters"/>.</summary>
    public float[][] GetWeights() => Array.ConvertAll(_parameters, parameter => parameter.ToArray());

    /// <summary>Overwrites all parameters, in the order of <see cref="Parameters"/>.</summary>
    /// <exception cref="ShapeException">There are more or fewer arrays or values than parameters; nothing was changed.</exception>
    public void SetWeights(IReadOnlyList<float[]> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count != _parameters.Length)
        {
            throw ShapeException.Create($"{Name}.SetWeights", $"{_parameters.Length} arrays", $"{weights.Count}");
        }

        for (int i = 0; i < weights.Count; i++)
        {
            ShapeException.ThrowIfCountDiffers($"{Name}.SetWeights, array {i}", _parameters[i].Shape, weights[i].Length);
        }

        for (int i = 0; i < weights.Count; i++)
        {
            _parameters[i].Assign(weights[i]);
        }
    }

    /// <summary>Frees layers and optimizer.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }

        Optimizer?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {_layers.Length} layers, {ParameterCount:N0} parameters, on {Device.Info.Name}";

    internal Tensor Logits(Tensor x, ForwardContext context)
    {
        var last = _layers[^1];
        if (!last.EndsInSoftmax)
        {
            throw new InvalidOperationException($"{Name}: expected a model that ends in a softmax, but its last layer is "
                + $"{last.Name} ({last.TypeName}) without one. Give the last layer ActivationFunction.Softmax.");
        }

        return last.ForwardLogits(Through(_layers.AsSpan(..^1), x, context), context);
    }

    private static Tensor Through(ReadOnlySpan<Layer> layers, Tensor x, ForwardContext context)
    {
        foreach (var layer in layers)
        {
            x = layer.Forward(x, context);
        }

        return x;
    }

    private ForwardContext BeginPass(bool training)
    {
        if (training)
        {
            Clock.Step++;
        }

        return new ForwardContext(training, Clock, RandomKey.For(Seed, RandomPurpose.Dropout, Name));
    }

    private Tensor AsInput(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var expected = InputShape.Batched(Math.Max(1, x.Shape.Rank == 0 ? 1 : x.Shape[0]));
        if (x.Shape == expected)
        {
            return x;
        }

        // As in Keras, a missing or an extra axis of size 1 is no error: (n, 28, 28) fits (28, 28, 1).
        return x.Count == expected.Count
            ? x.Reshape(expected.Sizes)
            : throw ShapeException.Create(Name, $"an input of shape (batch, {string.Join(", ", InputShape.Sizes.ToArray())})", $"{x.Shape}");
    }

    private void BuildLayers()
    {
        var counts = new Dictionary<string, int>();
        var shape = InputShape;
        for (int i = 0; i < _layers.Length; i++)
        {
            string stem = LayerNames.SnakeCase(_layers[i].TypeName);
            int count = counts.GetValueOrDefault(stem);
            counts[stem] = count + 1;
            string name = count == 0 ? stem : $"{stem}_{count}";
            try
            {
                _layers[i].Build(Device, shape, name, i);
            }
            catch (ShapeException exception)
            {
                // Nobody will have a model to dispose.
                Dispose();
                throw ShapeException.Create(
                    $"{Name}, layer {i + 1} ({name})", "a layer that fits the one before it", exception.Message.TrimEnd('.'));
            }

            shape = _layers[i].OutputShape;
        }
    }
}
