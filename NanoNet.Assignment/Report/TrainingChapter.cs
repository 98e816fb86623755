using System.Text;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 1 in words.</summary>
internal static class TrainingChapter
{
    public static void Append(StringBuilder text, ModelKind kind, ModelResults model)
    {
        if (model is not { Training: { } training, Test: { } test, History: { } history, Parameters: { } parameters, Epochs: { } epochs })
        {
            return;
        }

        string letter = kind == ModelKind.A ? "a" : "b";
        string images = training.Images == training.OfImages
            ? $"all {Words.Count(training.Images)} training images"
            : $"the first {Words.Count(training.Images)} of {Words.Count(training.OfImages)} training images";
        text.AppendLine();
        text.AppendLine("### Exercise 1: training");
        text.AppendLine();
        text.AppendLine($"Model {kind} has {Words.Count(parameters)} parameters. It was trained for "
            + $"{Words.Number(epochs, "epoch")} on {images} of {training.Data} with SGD (learning rate {training.LearningRate}, batches of "
            + $"{training.Batch}, seed {training.Seed}), in {Words.Duration(TimeSpan.FromSeconds(model.Seconds ?? 0))} on "
            + $"{training.Device}, and saved as [models/model-{letter}.keras](models/model-{letter}.keras).");
        text.AppendLine();
        text.AppendLine($"It classifies **{Words.Percent(test.Accuracy)}** of the {Words.Count(training.TestImages)} test images correctly, "
            + $"with a loss of {Words.Loss(test.Loss)}. In the last epoch the accuracy in training was {Words.Percent(history.Accuracy[^1])}, "
            + $"the loss {Words.Loss(history.Loss[^1])}; these are means over the epoch's batches as they were trained on, dropout included. "
            + "The test set was looked at after each epoch, but chose nothing.");
        text.AppendLine();
        text.AppendLine($"![Accuracy and loss by epoch](history-{letter}.png)");
    }
}
