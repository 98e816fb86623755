using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>
/// Writes report.md: every answer in words. It follows from results.json alone, so a command that replaces its part of
/// the results replaces its part of the report.
/// </summary>
internal static class ReportWriter
{
    /// <summary>The text of the report.</summary>
    public static string Write(RunResults results)
    {
        var text = new Markdown();
        text.Heading(1, "Assignment 4: Fashion-MNIST and transfer learning");
        text.Paragraph($"""
            Computed with NanoNet; the latest part on {results.Device}, seed {results.Seed}.
            All figures, unrounded, are in [results.json](results.json). The command under a picture, after
            `dotnet run --project NanoNet.Assignment --`, makes it again.
            """);
        var models = Enum.GetValues<ModelKind>().Where(kind => results.Models[kind] is not null).ToList();
        text.Table(
            ["", "test accuracy", "most confused pair", "n for 95 %, pretrained", "n for 95 %, from scratch"],
            models.Select(kind => Overview(kind, results.Models[kind]!)));
        foreach (var kind in models)
        {
            var model = results.Models[kind]!;
            text.Heading(2, $"Model {kind}");
            TrainingChapter.Append(text, kind, model);
            ConfusionChapter.Append(text, kind, model);
            ExtremesChapter.Append(text, kind, model);
            TransferChapter.Append(text, kind, model);
        }

        ComparisonChapter.Append(text, results);
        TransferComment.Append(text, results);
        return text.ToString();
    }

    /// <summary>Adds a sentence where a part was computed with other weights than the model has now.</summary>
    public static void AppendIfOutdated(
        Markdown text, ModelKind kind, ModelResults model, string? weights, string command)
    {
        if (weights is not null && model.Training is { } training && weights != training.Weights)
        {
            text.Paragraph($"""
                *Model {kind} was trained again since this part was computed; `{command} --model {kind}` brings it up
                to date.*
                """);
        }
    }

    /// <summary>The letter that a model's files carry.</summary>
    public static string Letter(ModelKind kind) => kind == ModelKind.A ? "a" : "b";

    private static string[] Overview(ModelKind kind, ModelResults model) =>
    [
        $"Model {kind}",
        model.Test is { } test ? Percent(test.Accuracy) : "",
        model.ConfusedPairs is [var first, ..] ? $"{first.Names[0]} and {first.Names[1]}" : "",
        model.Transfer is null ? "" : TransferAnswer.Short(model.Transfer, WeightsStart.Pretrained),
        model.Transfer is null ? "" : TransferAnswer.Short(model.Transfer, WeightsStart.Scratch),
    ];
}
