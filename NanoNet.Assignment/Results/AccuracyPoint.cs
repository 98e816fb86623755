namespace NanoNet.Assignment.Results;

/// <summary>The accuracy on the whole test set after training on n images.</summary>
internal sealed record AccuracyPoint(int N, double Accuracy);
