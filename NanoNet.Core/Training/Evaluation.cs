namespace NanoNet.Core.Training;

/// <summary>How a model does on some examples.</summary>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The share of examples whose largest score is the target's.</param>
public readonly record struct Evaluation(double Loss, double Accuracy);
