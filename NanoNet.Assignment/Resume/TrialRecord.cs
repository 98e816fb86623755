using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Resume;

/// <summary>One training on digits and what came of it.</summary>
/// <param name="Start">Where it started from.</param>
/// <param name="Draw">Which random choice of digits, weights, orders and dropout masks.</param>
/// <param name="N">How many digits.</param>
/// <param name="Accuracy">The accuracy on all test digits.</param>
/// <param name="TrainingSeconds">How long training took.</param>
/// <param name="TestSeconds">How long the test took.</param>
internal sealed record TrialRecord(
    WeightsStart Start, int Draw, int N, double Accuracy, double TrainingSeconds, double TestSeconds);
