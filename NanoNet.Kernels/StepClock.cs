namespace NanoNet.Kernels;

/// <summary>
/// Where a training run stands. Backends read it when a call is made, so a recorded step can be replayed: only the clock moves.
/// </summary>
/// <remarks>
/// A call keeps no copy: the clock must not move between a forward pass and its backward pass. The owner of the training
/// loop (<c>Fit</c>, or a user's own loop) moves it between steps.
/// </remarks>
public sealed class StepClock
{
    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>The step within the epoch, from 0.</summary>
    public int Step { get; set; }

    /// <summary>Where the step's batch starts in the epoch's order of examples.</summary>
    public int Start { get; set; }
}
