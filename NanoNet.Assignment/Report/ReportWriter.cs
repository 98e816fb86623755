using System.Text;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>
/// Writes report.md: every answer in words. It follows from results.json alone, so a command that replaces its part of the results
/// replaces its part of the report.
/// </summary>
internal static class ReportWriter
{
    /// <summary>The text of the report.</summary>
    public static string Write(RunResults results)
    {
        var text = new StringBuilder();
        text.AppendLine("# Assignment 4: Fashion-MNIST and transfer learning");
        text.AppendLine();
        text.AppendLine($"Computed with NanoNet; the latest part on {results.Device}, seed {results.Seed}. All figures, unrounded, are in "
            + "[results.json](results.json).");
        AppendOverview(text, results);
        foreach (var kind in Enum.GetValues<ModelKind>())
        {
            if (results.Models[kind] is { } model)
            {
                text.AppendLine();
                text.AppendLine($"## Model {kind}");
                TrainingChapter.Append(text, kind, model);
                ConfusionChapter.Append(text, kind, model);
                ExtremesChapter.Append(text, kind, model);
                TransferChapter.Append(text, kind, model);
            }
        }

        TransferComment.Append(text, results);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A sentence where a part was computed with other weights than the model has now.</summary>
    public static void AppendIfOutdated(StringBuilder text, ModelKind kind, ModelResults model, string? weights, string command)
    {
        if (weights is not null && model.Training is { } training && weights != training.Weights)
        {
            text.AppendLine();
            text.AppendLine($"*Model {kind} was trained again since this part was computed; `{command} --model {kind}` brings it up to "
                + "date.*");
        }
    }

    private static void AppendOverview(StringBuilder text, RunResults results)
    {
        text.AppendLine();
        text.AppendLine("| | test accuracy | most confused pair | n for 95 %, pretrained | n for 95 %, from scratch |");
        text.AppendLine("|---|---|---|---|---|");
        foreach (var kind in Enum.GetValues<ModelKind>())
        {
            if (results.Models[kind] is { } model)
            {
                string accuracy = model.Test is { } test ? Words.Percent(test.Accuracy) : "";
                string pair = model.ConfusedPairs is [var first, ..] ? $"{first.Names[0]} and {first.Names[1]}" : "";
                string pretrained = model.Transfer is { } transfer ? TransferAnswer.Short(transfer, WeightsStart.Pretrained) : "";
                string scratch = model.Transfer is { } same ? TransferAnswer.Short(same, WeightsStart.Scratch) : "";
                text.AppendLine($"| Model {kind} | {accuracy} | {pair} | {pretrained} | {scratch} |");
            }
        }
    }
}
