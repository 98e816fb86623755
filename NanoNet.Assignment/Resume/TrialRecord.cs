using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Resume;

/// <summary>One training on digits and what came of it.</summary>
/// <param name="Start">Where it started from.</param>
/// <param name="Draw">Which random choice of digits, weights, orders and dropout masks.</param>
/// <param name="N">How many digits.</param>
/// <param name="Accuracy">The accuracy on all test digits.</param>
/// <param name="Epochs">How many epochs it was trained for.</param>
/// <param name="TrainingSeconds">How long training took.</param>
/// <param name="TestSeconds">How long the test took.</param>
internal sealed record TrialRecord(
    WeightsStart Start, int Draw, int N, double Accuracy, int Epochs, double TrainingSeconds, double TestSeconds)
{
    /// <summary>For a training until converged, the steps after which it would have been given up; else null.</summary>
    public int? MostSteps { get; init; }

    /// <summary>For a training until converged, the loss on its own digits in the end; else null.</summary>
    public double? Loss { get; init; }
}
