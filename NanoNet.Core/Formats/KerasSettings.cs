using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Formats;

/// <summary>Settings that several Keras layers share: how they are written, read, and refused.</summary>
internal static class KerasSettings
{
    /// <summary>
    /// Settings that must be absent or null: with them the layer would compute or learn something else.
    /// </summary>
    private static readonly string[] Unset =
    [
        "kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint",
        "noise_shape", "quantization_config", "lora_rank",
    ];

    private static readonly ActivationFunction[] Activations = Enum.GetValues<ActivationFunction>();

    /// <summary>Refuses what our layers of any kind do not do.</summary>
    /// <exception cref="DataFormatException">A setting asks for it.</exception>
    public static void RequirePlain(JsonPart config)
    {
        foreach (string key in Unset)
        {
            Require(config, key, _ => false, $"no {key}");
        }

        Require(config, "data_format", part => part.Text() == "channels_last", "channels_last");
        Require(config, "trainable", part => part.Flag(), "a layer that is trained");
        Require(config, "dtype", IsFloat32, "float32");
    }

    /// <summary>Refuses a setting that is there and not as it must be.</summary>
    public static void Require(JsonPart config, string key, Func<JsonPart, bool> isSupported, string supported)
    {
        if (config.Find(key) is { } part && !isSupported(part))
        {
            throw Unsupported(part, supported);
        }
    }

    /// <summary>Writes what all layers with weights have.</summary>
    public static void WriteWeighted(JsonObject config, ActivationFunction activation, bool useBias)
    {
        config["activation"] = NameOf(activation);
        config["use_bias"] = useBias;
        var seedless = new JsonObject { ["seed"] = null };
        config["kernel_initializer"] = Object("keras.initializers", "GlorotUniform", seedless);
        config["bias_initializer"] = Object("keras.initializers", "Zeros", []);
        config["kernel_regularizer"] = null;
        config["bias_regularizer"] = null;
        config["kernel_constraint"] = null;
        config["bias_constraint"] = null;
    }

    /// <summary>An object as Keras writes it: its class and its settings.</summary>
    public static JsonObject Object(string module, string className, JsonObject config) => new()
    {
        ["module"] = module,
        ["class_name"] = className,
        ["config"] = config,
        ["registered_name"] = null,
    };

    /// <summary>
    /// A number that Python reads as a float: Keras refuses a momentum of 0, which is an int, and takes 0.0.
    /// </summary>
    public static JsonNode Float(float value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.AsSpan().ContainsAny('.', 'E') ? text : $"{text}.0")!;
    }

    /// <summary>Two sizes as a list.</summary>
    public static JsonArray Pair((int Height, int Width) sizes) => new(sizes.Height, sizes.Width);

    /// <summary>Keras' name for an activation or a padding.</summary>
    public static string NameOf(Enum value) => value.ToString().ToLowerInvariant();

    /// <summary>The activation function; none means linear.</summary>
    public static ActivationFunction ReadActivation(JsonPart config)
    {
        if (config.Find("activation") is not { } part)
        {
            return ActivationFunction.Linear;
        }

        string? name = part.Element.ValueKind == JsonValueKind.String ? part.Text() : null;
        int index = Array.FindIndex(Activations, function => NameOf(function) == name);
        return index >= 0
            ? Activations[index]
            : throw Unsupported(part, string.Join(" or ", Activations.Select(function => NameOf(function))));
    }

    /// <summary>The padding; none means valid.</summary>
    public static Padding ReadPadding(JsonPart config) => config.Find("padding")?.Text() switch
    {
        null or "valid" => Padding.Valid,
        "same" => Padding.Same,
        _ => throw Unsupported(config["padding"], "valid or same"),
    };

    /// <summary>Whether there is a bias; there is unless it says no.</summary>
    public static bool ReadUseBias(JsonPart config) => config.Find("use_bias")?.Flag() ?? true;

    // A plain name, or the policy object that Keras writes.
    private static bool IsFloat32(JsonPart type)
    {
        var name = type.Element.ValueKind == JsonValueKind.String ? type : type["config"]["name"];
        return name.Text() == "float32";
    }

    private static DataFormatException Unsupported(JsonPart part, string supported) =>
        part.Unexpected(supported, cure: "save a model without this setting, which NanoNet's layers do not have");
}
