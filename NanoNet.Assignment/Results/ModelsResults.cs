using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>The results by model.</summary>
internal sealed record ModelsResults
{
    [JsonPropertyName("A")]
    public ModelResults? A { get; init; }

    [JsonPropertyName("B")]
    public ModelResults? B { get; init; }

    /// <summary>One model's results, or null when nothing of it was computed.</summary>
    public ModelResults? this[ModelKind kind] => kind == ModelKind.A ? A : B;
}
