using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Formats;

/// <summary>A model's architecture as Keras' config.json holds it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="InputShape">The shape of one example.</param>
/// <param name="Layers">The layers in order, not yet built, with their names.</param>
/// <param name="Optimizer">What it was compiled with; null if it was not, or with something that we do not
/// have.</param>
internal sealed partial record KerasConfig(
    string Name, Shape InputShape, IReadOnlyList<(string Name, Layer Layer)> Layers, Sgd? Optimizer)
{
    /// <summary>Builds the model; its weights are the first draw of the seed.</summary>
    public Sequential Build(Device device, ulong seed)
    {
        var model = new Sequential(Name, device, InputShape, Layers.Select(layer => layer.Layer), seed);
        foreach (var (name, layer) in Layers)
        {
            layer.Name = name;
        }

        if (Optimizer is not null)
        {
            model.Compile(Optimizer);
        }

        return model;
    }
}
