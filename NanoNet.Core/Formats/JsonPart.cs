using System.Text.Json;
using NanoNet.Core.Errors;

namespace NanoNet.Core.Formats;

/// <summary>A place in a JSON document that knows where it is, so that every complaint about it can say so.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Where">The place inside it, for messages: "layer dense_1, units".</param>
/// <param name="Element">What is there.</param>
internal readonly record struct JsonPart(string File, string Where, JsonElement Element)
{
    /// <summary>What is at a key that must be there.</summary>
    public JsonPart this[string key] => Find(key) ?? throw Unexpected($"a value for {key}", "none");

    /// <summary>What is at a key, or null if it is absent or null.</summary>
    public JsonPart? Find(string key)
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            throw Unexpected("an object");
        }

        return Element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPart(File, $"{Where}, {key}", value)
            : null;
    }

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<JsonPart> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Unexpected("a list");
        }

        var part = this;
        return [.. Element.EnumerateArray().Select(item => part with { Element = item })];
    }

    /// <summary>A string.</summary>
    public string Text()
    {
        try
        {
            return Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Unexpected("a text");
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of escapes: sound JSON, but no text.
            throw Unexpected("a text", "one of broken characters");
        }
    }

    /// <summary>A whole number of at least 1.</summary>
    public int Size() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value > 0
        ? value
        : throw Unexpected("a whole number of at least 1");

    /// <summary>A number.</summary>
    public float Number() => Element.ValueKind == JsonValueKind.Number
        ? Element.GetSingle()
        : throw Unexpected("a number");

    /// <summary>True or false.</summary>
    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Element.GetBoolean()
        : throw Unexpected("true or false");

    /// <summary>Two sizes; a single one counts for both, as in Keras.</summary>
    public (int Height, int Width) SizePair()
    {
        if (Element.ValueKind == JsonValueKind.Number)
        {
            return (Size(), Size());
        }

        var items = Items();
        return items.Count == 2 ? (items[0].Size(), items[1].Size()) : throw Unexpected("two sizes");
    }

    /// <summary>The complaint that something else was expected here.</summary>
    /// <param name="expected">What fits.</param>
    /// <param name="received">What is there; its JSON text when null.</param>
    /// <param name="cure">What to do.</param>
    public DataFormatException Unexpected(
        string expected, string? received = null, string cure = "save the model again with NanoNet or Keras 3") =>
        new(File, $"{expected} ({Where})", received ?? Shorten(Element.GetRawText()), cure);

    private static string Shorten(string text)
    {
        const int most = 60;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= most ? line : $"{line[..most]}…";
    }
}
