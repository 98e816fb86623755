using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 1 in words.</summary>
internal static class TrainingChapter
{
    public static void Append(Markdown text, ModelKind kind, ModelResults model)
    {
        if (model is not { Training: { } training, Test: { } test, History: { } history })
        {
            return;
        }

        string file = $"models/model-{ReportWriter.Letter(kind)}.keras";
        string images = training.Images == training.OfImages
            ? $"all {Count(training.Images)} training images"
            : $"the first {Count(training.Images)} of {Count(training.OfImages)} training images";
        text.Heading(3, "Exercise 1: training");
        text.Paragraph($"""
            Model {kind} has {Count(model.Parameters ?? 0)} parameters. It was trained for
            {Number(model.Epochs ?? 0, "epoch")} on {images} of {training.Data} with SGD
            (learning rate {training.LearningRate}, batches of {training.Batch}, seed {training.Seed}),
            in {Duration(TimeSpan.FromSeconds(model.Seconds ?? 0))} on {training.Device}, and saved as [{file}]({file}).
            """);
        text.Paragraph($"""
            It classifies **{Percent(test.Accuracy)}** of the {Count(training.TestImages)} test images correctly,
            with a loss of {Loss(test.Loss)}. In the last epoch the accuracy in training was
            {Percent(history.Accuracy[^1])}, the loss {Loss(history.Loss[^1])}; these are means over the epoch's batches
            as they were trained on, dropout included. The test set was looked at after each epoch, but chose nothing.
            """);
        string letter = ReportWriter.Letter(kind);
        text.Pictures(MadeBy.Train(kind, model), ("Accuracy and loss by epoch", $"history-{letter}.png"));
        if (kind == ModelKind.B)
        {
            text.Paragraph("""
                What it looks for: the filters of the first layer, and what the layers make of one image. Each pooling
                halves the grid, so that the last maps say what is where in 7 x 7 places only.
                """);
            text.Pictures(
                MadeBy.Train(kind, model),
                ("The filters of the first layer", $"filters-{letter}.png"),
                ("One image on its way through the layers", $"features-{letter}.png"));
        }
    }
}
