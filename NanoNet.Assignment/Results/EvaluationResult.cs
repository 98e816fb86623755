namespace NanoNet.Assignment.Results;

/// <summary>How a model does on the test set.</summary>
internal sealed record EvaluationResult(double Accuracy, double Loss);
