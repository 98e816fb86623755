using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>Writes a list with each item on a line of its own.</summary>
internal sealed class OneLineItemsConverter<TList, TItem> : JsonConverter<TList>
    where TList : class, IReadOnlyList<TItem>
{
    public override TList? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<TList>(ref reader, ResultsFormat.OneLine);

    public override void Write(Utf8JsonWriter writer, TList value, JsonSerializerOptions options)
    {
        // The writer indents nothing that is written raw, so the lines are laid out here.
        string indent = new(' ', writer.Options.IndentSize * writer.CurrentDepth);
        string deeper = indent + new string(' ', writer.Options.IndentSize);
        var lines = value.Select(item => deeper + JsonSerializer.Serialize(item, ResultsFormat.OneLine));
        writer.WriteRawValue(value.Count == 0 ? "[]" : $"[\n{string.Join(",\n", lines)}\n{indent}]");
    }
}
