namespace NanoNet.Assignment.Results;

/// <summary>The accuracy on the whole test set after training on n images of one random draw.</summary>
/// <param name="Start">Where it started from.</param>
/// <param name="Draw">Which random choice of digits, weights, orders and dropout masks; 1 is the curve's.</param>
/// <param name="N">How many digits.</param>
/// <param name="Accuracy">The accuracy.</param>
internal sealed record DrawPoint(WeightsStart Start, int Draw, int N, double Accuracy);
