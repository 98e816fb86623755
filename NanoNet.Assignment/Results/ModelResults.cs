using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>What the four exercises found with one model.</summary>
internal sealed record ModelResults
{
    public int? Parameters { get; init; }

    /// <summary>Epochs it was trained for.</summary>
    public int? Epochs { get; init; }

    /// <summary>How long training took; the one figure here that differs from run to run.</summary>
    public double? Seconds { get; init; }

    public HistoryResult? History { get; init; }

    public EvaluationResult? Test { get; init; }

    /// <summary>Test images of class i that were classified as class j, [i][j].</summary>
    [JsonConverter(typeof(OneLineItemsConverter<int[][], int[]>))]
    public int[][]? Confusion { get; init; }

    /// <summary>All unordered pairs of classes, the most confused first.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<ConfusedPair[], ConfusedPair>))]
    public ConfusedPair[]? ConfusedPairs { get; init; }

    public ExtremesResult? Extremes { get; init; }

    public TransferResult? Transfer { get; init; }

    /// <summary>How the model was trained.</summary>
    public TrainingSettings? Training { get; init; }

    /// <summary>Which weights exercises 2 to 4 used; an older model's when they were not run again since.</summary>
    public WeightsUsed WeightsUsed { get; init; } = new();
}
