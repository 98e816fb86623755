using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>
/// Writes a value on one line of an otherwise indented file, so that a curve or a matrix row can be read as one.
/// </summary>
internal sealed class OneLineConverter<T> : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<T>(ref reader, ResultsFormat.OneLine);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, ResultsFormat.OneLine));
}
