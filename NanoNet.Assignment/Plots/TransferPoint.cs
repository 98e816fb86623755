namespace NanoNet.Assignment.Plots;

/// <summary>Accuracy reached with so many training images.</summary>
/// <param name="N">Number of training images.</param>
/// <param name="Accuracy">Accuracy on the full test set, 0 to 1; of several draws the first.</param>
/// <param name="Lowest">The least of several draws; null where there was one.</param>
/// <param name="Highest">The greatest of several draws; null where there was one.</param>
public readonly record struct TransferPoint(int N, double Accuracy, double? Lowest = null, double? Highest = null);
