namespace NanoNet.Assignment.Plots;

/// <summary>A training run, one value an epoch; the test lists are empty where nothing was tested.</summary>
/// <param name="Accuracy">Training accuracy, 0 to 1.</param>
/// <param name="Loss">Training loss.</param>
/// <param name="TestAccuracy">Accuracy on the test set after each epoch, 0 to 1.</param>
/// <param name="TestLoss">Loss on the test set after each epoch.</param>
public sealed record HistoryCurves(
    IReadOnlyList<double> Accuracy,
    IReadOnlyList<double> Loss,
    IReadOnlyList<double> TestAccuracy,
    IReadOnlyList<double> TestLoss);
