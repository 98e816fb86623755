using System.Globalization;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;

namespace NanoNet.Assignment.Resume;

/// <summary>A model's layers as one line of text, so that a change of the code is noticed.</summary>
internal static class ModelCode
{
    public static string Describe(Sequential model) =>
        $"{model.Name} {model.InputShape}: {string.Join(", ", model.Layers.Select(Describe))}";

    private static string Describe(Layer layer) => layer switch
    {
        Conv2D conv => Line(
            "Conv2D", conv.Filters, conv.KernelSize, conv.Strides, conv.Padding, conv.Activation, conv.UseBias),
        MaxPool2D pool => Line("MaxPool2D", pool.PoolSize, pool.Strides, pool.Padding),
        Dense dense => Line("Dense", dense.Units, dense.Activation, dense.UseBias),
        Dropout dropout => Line("Dropout", dropout.Rate),
        _ => layer.TypeName,
    };

    private static string Line(string type, params object[] settings) => string.Join(
        ' ', settings.Prepend(type).Select(setting => Convert.ToString(setting, CultureInfo.InvariantCulture)));
}
