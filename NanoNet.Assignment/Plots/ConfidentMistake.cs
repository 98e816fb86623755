namespace NanoNet.Assignment.Plots;

/// <summary>A misclassified image of a strip.</summary>
/// <param name="Index">Its place in the test set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The class that it was taken for.</param>
/// <param name="Probability">The predicted probability of that class, 0 to 1.</param>
public readonly record struct ConfidentMistake(int Index, int Label, int Predicted, float Probability);
