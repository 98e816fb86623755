using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Optimizers;

/// <summary>
/// Stochastic gradient descent as Keras does it. Without momentum w −= η · g. With it v = μ · v − η · g, then w += v, or with
/// Nesterov's w += μ · v − η · g (Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013).
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly List<Tensor> _velocities = [];

    /// <summary>An optimizer with its velocities at zero.</summary>
    /// <param name="learningRate">η, above 0.</param>
    /// <param name="momentum">μ, in [0, 1).</param>
    /// <param name="nesterov">Whether the gradient looks ahead.</param>
    public Sgd(float learningRate = 0.01f, float momentum = 0, bool nesterov = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1);
        LearningRate = learningRate;
        Momentum = momentum;
        Nesterov = nesterov;
    }

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>μ: how much of the last step is kept.</summary>
    public float Momentum { get; }

    /// <summary>Whether the gradient looks ahead.</summary>
    public bool Nesterov { get; }

    /// <summary>v of each parameter, in order; empty without momentum.</summary>
    public IReadOnlyList<Tensor> Velocities => _velocities;

    /// <summary>Continues where a saved optimizer stopped.</summary>
    /// <param name="iterations">How many steps it had taken.</param>
    /// <param name="velocities">v of each parameter, in order; they belong to this optimizer from here on.</param>
    internal void Restore(long iterations, IReadOnlyList<Tensor> velocities)
    {
        Dispose(true);
        Iterations = iterations;
        _velocities.AddRange(velocities);
    }

    /// <inheritdoc/>
    protected internal override void Prepare(IReadOnlyList<Tensor> parameters)
    {
        for (int i = _velocities.Count; i < parameters.Count && Momentum > 0; i++)
        {
            _velocities.Add(Zeros(parameters[i]));
        }
    }

    /// <inheritdoc/>
    protected override void Update(int index, Tensor parameter, Tensor gradient)
    {
        if (parameter.Shape != gradient.Shape)
        {
            throw ShapeException.Create("Sgd", $"a gradient of its parameter's shape {parameter.Shape}", $"{gradient.Shape}");
        }

        var velocity = Momentum > 0 ? _velocities[index].Buffer : null;
        parameter.Backend.SgdUpdate(
            parameter.Buffer, gradient.Buffer, velocity, LearningRate, Momentum, Nesterov, parameter.Count);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var velocity in _velocities)
        {
            velocity.Dispose();
        }

        _velocities.Clear();
    }

    private static Tensor Zeros(Tensor parameter) =>
        TensorScope.Outside(() => Tensor.Zeros(parameter.Device, parameter.Shape));
}
