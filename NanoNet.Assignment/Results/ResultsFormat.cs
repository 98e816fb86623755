using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>How results are written as JSON. Numbers are the shortest that read back as the same bits.</summary>
internal static class ResultsFormat
{
    /// <summary>Values within a line.</summary>
    public static JsonSerializerOptions OneLine { get; } = Create(indented: false);

    /// <summary>The whole file.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
        NewLine = "\n",
        // A run that diverged has losses that are not numbers; JSON has no such literal, so they are written as
        // strings.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        // A null where the program never writes one is damage, found while reading and not somewhere later.
        RespectNullableAnnotations = true,
        // A plain file, not part of a web page: names such as "T-shirt/top" stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
