using System.Text.Json.Nodes;
using NanoNet.Core.Layers;

namespace NanoNet.Core.Formats;

/// <summary>How one kind of layer is written to a Keras configuration and read from one.</summary>
/// <param name="ClassName">Keras' class.</param>
/// <param name="Write">Adds the settings of a layer to those that every layer has.</param>
/// <param name="Read">The layer that a configuration describes, not yet built.</param>
internal sealed record KerasLayerFormat(string ClassName, Action<Layer, JsonObject> Write, Func<JsonPart, Layer> Read)
{
    /// <summary>A format whose writer takes the layer's own type.</summary>
    public static KerasLayerFormat For<TLayer>(
        string className, Action<TLayer, JsonObject> write, Func<JsonPart, Layer> read)
        where TLayer : Layer =>
        new(className, (layer, config) => write((TLayer)layer, config), read);
}
