using NanoNet.Core.Tensors;

namespace NanoNet.Core.Optimizers;

/// <summary>How parameters follow their gradients. Owns its state (velocities); dispose it with the model.</summary>
public abstract class Optimizer : IDisposable
{
    /// <summary>Keras' name.</summary>
    public abstract string Name { get; }

    /// <summary>The step size.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>How many steps were taken.</summary>
    public long Iterations { get; internal set; }

    /// <summary>
    /// Whether each step makes the same calls on the same state with the same numbers, so that <c>Fit</c> may record
    /// one and replay it. False unless an optimizer says otherwise: one that computes with numbers that change on the
    /// host, such as a rate that decays, would be stuck with those of the recorded step.
    /// </summary>
    public virtual bool CanReplay => false;

    /// <summary>Takes one step: parameters change in place.</summary>
    /// <param name="parameters">The parameters, in the same order on every call.</param>
    /// <param name="gradients">Their gradients, of the same shapes.</param>
    public void Apply(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        Prepare(parameters);
        Iterations++;
        UpdateAll(parameters, gradients);
    }

    /// <summary>Updates all parameters without counting a step: what is recorded once and done many times.</summary>
    internal void UpdateAll(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients)
    {
        if (parameters.Count != gradients.Count)
        {
            throw new ArgumentException($"{Name}: expected one gradient for each of {parameters.Count} parameters, got {gradients.Count}.");
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            Update(i, parameters[i], gradients[i]);
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the state that updates keep from step to step, if it is not there yet.</summary>
    /// <param name="parameters">What will be updated.</param>
    protected internal virtual void Prepare(IReadOnlyList<Tensor> parameters)
    {
    }

    /// <summary>Updates one parameter.</summary>
    protected abstract void Update(int index, Tensor parameter, Tensor gradient);

    /// <summary>Frees the state.</summary>
    protected abstract void Dispose(bool disposing);
}
