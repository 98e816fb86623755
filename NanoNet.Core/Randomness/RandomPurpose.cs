namespace NanoNet.Core.Randomness;

/// <summary>What random numbers are for: each purpose has a key of its own, so none disturbs another.</summary>
public enum RandomPurpose
{
    /// <summary>Initial weights.</summary>
    Weights = 1,

    /// <summary>The order of examples in an epoch.</summary>
    Shuffle = 2,

    /// <summary>Dropout masks.</summary>
    Dropout = 3,

    /// <summary>Which examples are drawn from a pool.</summary>
    Draw = 4,
}
