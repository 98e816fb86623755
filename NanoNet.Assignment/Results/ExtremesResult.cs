using NanoNet.Assignment.Plots;

namespace NanoNet.Assignment.Results;

/// <summary>The four grids of exercise 3.</summary>
/// <param name="Loss">By the categorical cross-entropy against the true class.</param>
/// <param name="Probability">By the predicted probability of the class that it was mistaken for.</param>
internal sealed record ExtremesResult(ExtremeGrids Loss, ExtremeGrids Probability)
{
    /// <summary>One of the four grids.</summary>
    public ExtremeMistake?[][] this[Extreme extreme] => extreme switch
    {
        Extreme.LowestLoss => Loss.Lowest,
        Extreme.HighestLoss => Loss.Highest,
        Extreme.LowestProbability => Probability.Lowest,
        _ => Probability.Highest,
    };
}
