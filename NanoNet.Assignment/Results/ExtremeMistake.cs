namespace NanoNet.Assignment.Results;

/// <summary>A test image that was misclassified.</summary>
/// <param name="Index">Its place in the test set.</param>
/// <param name="Loss">Its categorical cross-entropy, from probabilities as Keras computes it.</param>
/// <param name="Probability">The predicted probability of the class that it was mistaken for.</param>
internal sealed record ExtremeMistake(int Index, float Loss, float Probability);
