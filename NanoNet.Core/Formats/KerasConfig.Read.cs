using System.Text;
using System.Text.Json;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Formats;

/// <content>Reading.</content>
internal sealed partial record KerasConfig
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the text of config.json.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file it comes from, for messages.</param>
    /// <exception cref="DataFormatException">It is not JSON, not a Sequential, or holds what we do not
    /// have.</exception>
    public static KerasConfig Read(byte[] text, string file)
    {
        using var document = Parse(text, file);
        var root = new JsonPart(file, "config.json", document.RootElement);
        if (root["class_name"].Text() != "Sequential")
        {
            throw root["class_name"].Unexpected("a Sequential model", cure: "save the model as a Sequential");
        }

        var config = root["config"];
        var entries = config["layers"].Items();
        var layers = entries.Where(entry => !IsInputLayer(entry)).Select(ReadLayer).ToList();
        if (layers.Count == 0)
        {
            throw config.Unexpected("at least one layer", "none");
        }

        return new KerasConfig(config["name"].Text(), ReadInputShape(root, entries), layers, ReadOptimizer(root));
    }

    private static JsonDocument Parse(byte[] text, string file)
    {
        try
        {
            return JsonDocument.Parse(StrictUtf8.GetString(text));
        }
        catch (Exception damage) when (damage is JsonException or DecoderFallbackException)
        {
            const string cure = "replace it with a fresh copy";
            throw new DataFormatException(file, "JSON in config.json", "text that is none", cure, damage);
        }
    }

    private static bool IsInputLayer(JsonPart entry) => entry["class_name"].Text() == "InputLayer";

    private static (string Name, Layer Layer) ReadLayer(JsonPart entry)
    {
        string name = entry["config"]["name"].Text();
        var named = entry with { Where = $"layer {name}" };
        string className = named["class_name"].Text();
        KerasSettings.Require(named, "registered_name", part => part.Text() == className, "one of Keras' own layers");
        return (name, KerasLayers.Read(named["class_name"], named["config"] with { Where = named.Where }));
    }

    // Said by the input layer; by the model itself if it was built without one.
    private static Shape ReadInputShape(JsonPart root, IReadOnlyList<JsonPart> entries)
    {
        var shape = entries.Where(IsInputLayer).Select(entry => entry["config"].Find("batch_shape")).FirstOrDefault()
            ?? root["config"].Find("build_input_shape")
            ?? root["build_config"]["input_shape"];
        int[] sizes = [.. shape.Items().Skip(1).Select(size => size.Size())];
        return new Shape(sizes);
    }

    // A model that was trained in another way can still predict: it comes uncompiled.
    private static Sgd? ReadOptimizer(JsonPart root)
    {
        if (root.Find("compile_config") is not { } compiled
            || compiled.Find("optimizer") is not { } optimizer
            || optimizer.Element.ValueKind != JsonValueKind.Object
            || optimizer["class_name"].Text() != "SGD"
            || compiled.Find("loss") is not { } loss
            || loss.Element.ValueKind != JsonValueKind.String
            || loss.Text() is not ("categorical_crossentropy" or "sparse_categorical_crossentropy"))
        {
            return null;
        }

        return ReadSgd(optimizer["config"]);
    }

    private static Sgd? ReadSgd(JsonPart config)
    {
        string[] unset =
        [
            "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "loss_scale_factor",
            "gradient_accumulation_steps",
        ];
        var rate = config["learning_rate"];
        bool isPlain = rate.Element.ValueKind == JsonValueKind.Number
            && rate.Number() > 0
            && unset.All(key => config.Find(key) is null)
            && config.Find("use_ema")?.Flag() is null or false;
        float momentum = config.Find("momentum")?.Number() ?? 0;
        return isPlain && momentum is >= 0 and < 1
            ? new Sgd(rate.Number(), momentum, config.Find("nesterov")?.Flag() ?? false)
            : null;
    }
}
