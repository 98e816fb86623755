using System.Text.Json.Nodes;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using static NanoNet.Core.Formats.KerasSettings;

namespace NanoNet.Core.Formats;

/// <summary>
/// The layers that can be written and read. Only settings that every Keras 3 knows are written: later versions write
/// more, and earlier ones refuse a file with a setting they do not know. A setting that is read must agree with what
/// our layer does: else the model would compute something else.
/// </summary>
internal static class KerasLayers
{
    private static readonly KerasLayerFormat[] Formats =
    [
        KerasLayerFormat.For<Flatten>("Flatten", WriteFlatten, _ => new Flatten()),
        KerasLayerFormat.For<Dense>("Dense", WriteDense, ReadDense),
        KerasLayerFormat.For<Conv2D>("Conv2D", WriteConv2D, ReadConv2D),
        KerasLayerFormat.For<MaxPool2D>("MaxPooling2D", WriteMaxPool2D, ReadMaxPool2D),
        KerasLayerFormat.For<Dropout>("Dropout", WriteDropout, ReadDropout),
        KerasLayerFormat.For<Activation>("Activation", WriteActivation, ReadActivationLayer),
    ];

    /// <summary>A layer as Keras writes it.</summary>
    /// <exception cref="NotSupportedException">It is none of these kinds.</exception>
    public static JsonObject Write(Layer layer)
    {
        var format = Array.Find(Formats, format => format.ClassName == layer.TypeName)
            ?? throw new NotSupportedException($"{layer.Name}: Keras has no {layer.TypeName} layer to save it as.");
        var config = new JsonObject { ["name"] = layer.Name, ["trainable"] = true, ["dtype"] = "float32" };
        format.Write(layer, config);
        return Object("keras.layers", format.ClassName, config);
    }

    /// <summary>The layer that a configuration describes, not yet built.</summary>
    /// <exception cref="DataFormatException">We have no such layer, or not with these settings.</exception>
    public static Layer Read(JsonPart className, JsonPart config)
    {
        var format = Array.Find(Formats, format => format.ClassName == className.Text());
        if (format is null)
        {
            string supported = string.Join(", ", Formats.Select(known => known.ClassName));
            throw className.Unexpected($"one of the layers {supported}", cure: "save a model of these layers only");
        }

        RequirePlain(config);
        return format.Read(config);
    }

    private static void WriteFlatten(Flatten layer, JsonObject config) => config["data_format"] = "channels_last";

    private static void WriteDense(Dense layer, JsonObject config)
    {
        config["units"] = layer.Units;
        WriteWeighted(config, layer.Activation, layer.UseBias);
    }

    private static Dense ReadDense(JsonPart config) =>
        new(config["units"].Size(), ReadActivation(config), ReadUseBias(config));

    private static void WriteConv2D(Conv2D layer, JsonObject config)
    {
        config["filters"] = layer.Filters;
        config["kernel_size"] = Pair(layer.KernelSize);
        config["strides"] = Pair(layer.Strides);
        config["padding"] = NameOf(layer.Padding);
        config["data_format"] = "channels_last";
        config["dilation_rate"] = Pair((1, 1));
        config["groups"] = 1;
        config["activity_regularizer"] = null;
        WriteWeighted(config, layer.Activation, layer.UseBias);
    }

    private static Conv2D ReadConv2D(JsonPart config)
    {
        Require(config, "dilation_rate", part => part.SizePair() == (1, 1), "no dilation");
        Require(config, "groups", part => part.Size() == 1, "one group");
        return new Conv2D(
            config["filters"].Size(),
            config["kernel_size"].SizePair(),
            ReadActivation(config),
            ReadPadding(config),
            config.Find("strides")?.SizePair(),
            ReadUseBias(config));
    }

    private static void WriteMaxPool2D(MaxPool2D layer, JsonObject config)
    {
        config["pool_size"] = Pair(layer.PoolSize);
        config["padding"] = NameOf(layer.Padding);
        config["strides"] = Pair(layer.Strides);
        config["data_format"] = "channels_last";
    }

    private static MaxPool2D ReadMaxPool2D(JsonPart config) =>
        new(config.Find("pool_size")?.SizePair(), config.Find("strides")?.SizePair(), ReadPadding(config));

    private static void WriteDropout(Dropout layer, JsonObject config)
    {
        config["rate"] = Float(layer.Rate);
        config["seed"] = null;
        config["noise_shape"] = null;
    }

    private static Dropout ReadDropout(JsonPart config)
    {
        var rate = config["rate"];
        return rate.Number() is >= 0 and < 1
            ? new Dropout(rate.Number())
            : throw rate.Unexpected("a rate of at least 0 and below 1");
    }

    private static void WriteActivation(Activation layer, JsonObject config) =>
        config["activation"] = NameOf(layer.Function);

    private static Activation ReadActivationLayer(JsonPart config) => new(ReadActivation(config));
}
