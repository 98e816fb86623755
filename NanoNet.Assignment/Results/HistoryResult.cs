using System.Text.Json.Serialization;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Results;

/// <summary>Keras' four curves, one value an epoch; val_* is the test set.</summary>
internal sealed record HistoryResult(
    [property: JsonConverter(typeof(OneLineConverter<double[]>))] double[] Accuracy,
    [property: JsonConverter(typeof(OneLineConverter<double[]>))] double[] Loss,
    [property: JsonConverter(typeof(OneLineConverter<double[]>))] double[] ValAccuracy,
    [property: JsonConverter(typeof(OneLineConverter<double[]>))] double[] ValLoss)
{
    public static HistoryResult From(History history) =>
        new([.. history.Accuracy], [.. history.Loss], [.. history.ValAccuracy], [.. history.ValLoss]);
}
