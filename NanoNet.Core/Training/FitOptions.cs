namespace NanoNet.Core.Training;

/// <summary>How a model is trained; the defaults are Keras'.</summary>
public sealed record FitOptions
{
    /// <summary>The epoch to train up to: how often all examples are seen, when training begins at epoch 0.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// How many epochs went before. With the weights that they left (and plain SGD, which keeps no state), training goes on to the
    /// very bits of an undisturbed run: orders and dropout masks follow from the epoch's number.
    /// </summary>
    public int InitialEpoch { get; init; }

    /// <summary>Examples of a step. The last batch of an epoch may be smaller; its mean is over its own examples.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether each epoch has an order of its own, drawn from the seed; else the order the examples are in.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Examples to evaluate after each epoch; shown, never used to choose anything.</summary>
    public Examples? Validation { get; init; }

    /// <summary>Which of several repetitions this is: orders and dropout masks differ from draw to draw.</summary>
    public int Draw { get; init; }

    /// <summary>Told about progress, on the training thread.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>The least time between two reports within an epoch.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromMilliseconds(200);
}
