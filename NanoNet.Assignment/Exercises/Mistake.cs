using NanoNet.Assignment.Results;
using NanoNet.Core.Losses;

namespace NanoNet.Assignment.Exercises;

/// <summary>An image that was misclassified, and all that orders it among others.</summary>
/// <param name="Index">Its place in the test set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The class that it was mistaken for.</param>
/// <param name="Loss">The categorical cross-entropy from probabilities, with Keras' clip.</param>
/// <param name="Probability">The predicted probability of the class that it was mistaken for.</param>
/// <param name="ExactLoss">The cross-entropy from the log-softmax of the scores, never clipped.</param>
/// <param name="ExactLogProbability">The log-softmax of the class that it was mistaken for.</param>
internal sealed record Mistake(
    int Index, int Label, int Predicted, float Loss, float Probability, double ExactLoss, double ExactLogProbability)
{
    /// <summary>Its place by loss.</summary>
    public (float, double) ByLoss => (Loss, ExactLoss);

    /// <summary>Its place by probability.</summary>
    public (float, double) ByProbability => (Probability, ExactLogProbability);

    /// <summary>What is written of it.</summary>
    public ExtremeMistake Written => new(Index, Loss, Probability);

    /// <summary>All mistakes, in the order of the test set.</summary>
    public static IReadOnlyList<Mistake> All(Predictions predictions)
    {
        var mistakes = new List<Mistake>();
        for (int index = 0; index < predictions.Count; index++)
        {
            int label = predictions.Label(index);
            int predicted = predictions.Predicted(index);
            if (predicted != label)
            {
                var probabilities = predictions.Probabilities(index);
                mistakes.Add(new(
                    index, label, predicted,
                    Loss: CategoricalCrossentropy.FromProbabilities(probabilities, label),
                    Probability: probabilities[predicted],
                    ExactLoss: -predictions.LogProbability(index, label),
                    ExactLogProbability: predictions.LogProbability(index, predicted)));
            }
        }

        return mistakes;
    }
}
