namespace NanoNet.Assignment.Plots;

/// <summary>One model of a comparison; lists may be empty.</summary>
/// <param name="TestAccuracy">Accuracy on the test images after each epoch, 0 to 1.</param>
/// <param name="Pretrained">Retrained on digits from the weights that Fashion-MNIST taught.</param>
/// <param name="Scratch">Trained on digits from random weights.</param>
public sealed record ComparedModel(IReadOnlyList<double> TestAccuracy, TransferCurve Pretrained, TransferCurve Scratch);
