using System.Text.Json.Serialization;
using Grid = NanoNet.Assignment.Results.OneLineItemsConverter<
    NanoNet.Assignment.Results.ExtremeMistake?[][], NanoNet.Assignment.Results.ExtremeMistake?[]>;

namespace NanoNet.Assignment.Results;

/// <summary>
/// The mistakes with the lowest and the highest value of one quantity, [true class][predicted class].
/// </summary>
internal sealed record ExtremeGrids(
    [property: JsonConverter(typeof(Grid))] ExtremeMistake?[][] Lowest,
    [property: JsonConverter(typeof(Grid))] ExtremeMistake?[][] Highest);
