using System.Globalization;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>The command lines that make a figure of the report again, options and seed included, in Markdown.</summary>
internal static class MadeBy
{
    private static readonly CommandLine.RunOptions Defaults = new();

    /// <summary>Exercise 1.</summary>
    public static string Train(ModelKind kind, ModelResults model) => Code($"train {Trained(kind, model)}");

    /// <summary>An exercise that takes the trained model and draws nothing: the seed is the training's.</summary>
    public static string FromModel(string command, ModelKind kind, ModelResults model) =>
        $"{Train(kind, model)}, then {Code($"{command} --model {kind}")}";

    /// <summary>Everything, with both models.</summary>
    public static string All(ModelResults a, ModelResults b)
    {
        bool quick = b.Training is { } training && training.Images < training.OfImages;
        return Code(quick || a.Epochs != b.Epochs || a.Training is null
            ? $"all {(quick ? "--quick " : "")}--seed {Text(a.Training?.Seed ?? 0)}"
            : $"all {Trained(null, a)}");
    }

    /// <summary>Exercise 4.</summary>
    public static string Transfer(ModelKind kind, TransferResult transfer)
    {
        bool listed = transfer.SweepPretrained == SweepKind.Listed;
        return Code(Join(
        [
            $"transfer --model {kind}",
            listed ? "--quick" : "",
            $"--transfer-epochs {Text(transfer.Epochs)}",
            transfer.Step == Defaults.StepOfTransfer ? "" : $"--transfer-step {Text(transfer.Step)}",
            transfer.LargestN == transfer.Pool ? "" : $"--transfer-max {Text(transfer.LargestN)}",
            transfer.DrawCount == Defaults.Draws ? "" : $"--draws {Text(transfer.DrawCount)}",
            Common(transfer.Batch, transfer.LearningRate, transfer.Seed, transfer.Device),
        ]));
    }

    private static string Trained(ModelKind? kind, ModelResults model) => model.Training is not { } training
        ? $"--model {kind}"
        : Join(
        [
            kind is null ? "" : $"--model {kind}",
            training.Images < training.OfImages ? "--quick" : "",
            $"--epochs {Text(model.Epochs ?? 0)}",
            Common(training.Batch, training.LearningRate, training.Seed, training.Device),
        ]);

    private static string Common(int batch, float learningRate, ulong seed, string device) => Join(
    [
        batch == Defaults.Batch ? "" : $"--batch {Text(batch)}",
        learningRate == Defaults.LearningRate ? "" : $"--learning-rate {Text(learningRate)}",
        $"--seed {Text(seed)}",
        // "cpu: AMD …": the family, as --device takes it.
        $"--device {device.Split(':')[0]}",
    ]);

    private static string Code(string command) => $"`{command}`";

    private static string Join(IEnumerable<string> parts) => string.Join(' ', parts.Where(part => part.Length > 0));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
