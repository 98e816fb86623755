using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>The mistakes with the lowest and the highest value of one quantity, [true class][predicted class].</summary>
internal sealed record ExtremeGrids(
    [property: JsonConverter(typeof(OneLineItemsConverter<ExtremeMistake?[][], ExtremeMistake?[]>))] ExtremeMistake?[][] Lowest,
    [property: JsonConverter(typeof(OneLineItemsConverter<ExtremeMistake?[][], ExtremeMistake?[]>))] ExtremeMistake?[][] Highest);
