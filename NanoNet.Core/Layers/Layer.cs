using System.Diagnostics;
using NanoNet.Core.Autograd;
using NanoNet.Core.Initializers;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Layers;

/// <summary>
/// One step of a model, Keras' protocol: the constructor checks what the user asked for, <see cref="Build"/> makes the
/// parameters once the input's shape is known, <see cref="Forward"/> computes. Shapes here are those of one example,
/// without the batch axis.
/// </summary>
[DebuggerDisplay("{Name,nq} ({TypeName,nq})")]
public abstract class Layer : IDisposable
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>Its name within the model: given, or its type in snake case with a count (dense, dense_1, …).</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Its type as Keras calls it: Dense, Conv2D, MaxPooling2D, Dropout, Flatten, Activation.</summary>
    public abstract string TypeName { get; }

    /// <summary>The shape of one example that comes in; known once the layer is built.</summary>
    public Shape InputShape { get; private set; }

    /// <summary>The shape of one example that goes out; known once the layer is built.</summary>
    public Shape OutputShape { get; private set; }

    /// <summary>Its parameters in Keras' order: kernel, bias.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>How many numbers its parameters hold.</summary>
    public int ParameterCount => _parameters.Sum(parameter => parameter.Value.Count);

    /// <summary>
    /// Whether each pass makes the same operations with the same numbers, so that <c>Fit</c> may record one step and
    /// replay it. False unless a layer says otherwise: one that reads tensors in a pass, or computes with numbers that
    /// change on the host, would be stuck with those of the recorded step.
    /// </summary>
    public virtual bool CanReplay => false;

    /// <summary>Whether it ends in a softmax, which training fuses with the loss.</summary>
    internal virtual bool EndsInSoftmax => false;

    /// <summary>Its place within the model.</summary>
    internal int Index { get; private set; }

    /// <summary>The shape of one example that would go out for one that comes in; answers without running.</summary>
    /// <exception cref="Errors.ShapeException">The layer cannot take such an input.</exception>
    public abstract Shape ComputeOutputShape(Shape input);

    /// <summary>Computes the layer for a batch.</summary>
    public abstract Tensor Forward(Tensor x, ForwardContext context);

    /// <summary>The output without the final softmax; only for layers that end in one.</summary>
    internal virtual Tensor ForwardLogits(Tensor x, ForwardContext context) => throw new InvalidOperationException(
        $"{Name}: the layer does not end in a softmax, so it has no logits.");

    /// <summary>Makes the parameters, with arbitrary values: the model initializes them.</summary>
    internal void Build(Device device, Shape input, string name, int index)
    {
        if (_parameters.Count > 0 || Name.Length > 0)
        {
            throw new InvalidOperationException($"{Name}: the layer already belongs to a model. Make a new layer for each model.");
        }

        Name = name;
        Index = index;
        InputShape = input;
        OutputShape = ComputeOutputShape(input);
        BuildParameters(device, input);
    }

    /// <summary>Frees the parameters.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the layer owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var parameter in _parameters)
        {
            parameter.Value.Dispose();
        }
    }

    /// <summary>Adds the layer's parameters with <see cref="AddParameter"/>; layers without any leave it.</summary>
    protected virtual void BuildParameters(Device device, Shape input)
    {
    }

    /// <summary>Makes a parameter. It belongs to the layer, whatever scope is open.</summary>
    protected Tensor AddParameter(Device device, string name, Shape shape, Initializer initializer)
    {
        var value = TensorScope.Outside(() => Tensor.Allocate(device, shape));
        value.RequiresGradient = true;
        _parameters.Add(new Parameter(name, value, initializer));
        return value;
    }
}
