namespace NanoNet.Assignment.Plots;

/// <summary>Which image of a cell an extremes grid shows.</summary>
public enum Extreme
{
    /// <summary>The mistake with the lowest categorical cross-entropy.</summary>
    LowestLoss,

    /// <summary>The mistake with the highest categorical cross-entropy.</summary>
    HighestLoss,

    /// <summary>The mistake with the lowest probability of the predicted class.</summary>
    LowestProbability,

    /// <summary>The mistake with the highest probability of the predicted class.</summary>
    HighestProbability,
}
