using NanoNet.Assignment.Plots;
using NanoNet.Core.Autograd;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// What a convolutional model has learnt, to look at: the filters of its first layer, and an image's way through.
/// </summary>
internal static class LayerPictures
{
    // An ankle boot, as everybody who has met Fashion-MNIST knows.
    private const int Shown = 0;

    public static void Draw(Session session, ModelKind kind, Sequential model)
    {
        if (model.Layers.OfType<Conv2D>().FirstOrDefault() is not { } first)
        {
            return;
        }

        FiltersFigure.Save(
            session.Output.FiltersPicture(kind), $"Model {kind}", first.Parameters[0].Value.ToArray(),
            first.KernelSize.Height);
        var image = session.Fashion.Test.Image(Shown);
        var (maps, probabilities) = Follow(model, image);
        var names = session.Fashion.Test.ClassNames;
        int predicted = Array.IndexOf(probabilities, probabilities.Max());
        string verdict = $"{names[session.Fashion.Test.Labels[Shown]]}, taken for {names[predicted]} with a probability "
            + $"of {Words.Percent(probabilities[predicted])}.";
        FeatureMapsFigure.Save(session.Output.FeaturesPicture(kind), $"Model {kind}", image, Shown, verdict, maps);
    }

    private static (List<FeatureMaps> Maps, float[] Probabilities) Follow(Sequential model, ReadOnlySpan<byte> image)
    {
        float[] pixels = new float[image.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = image[i] / 255f;
        }

        using var scope = new TensorScope();
        var context = new ForwardContext(Training: false, new StepClock(), default);
        var x = Tensor.From(model.Device, pixels, model.InputShape.Batched(1));
        var maps = new List<FeatureMaps>();
        foreach (var layer in model.Layers)
        {
            x = layer.Forward(x, context);
            if (layer is Conv2D convolution)
            {
                var (height, width) = convolution.KernelSize;
                string name = $"Convolution {maps.Count + 1}, {height} x {width}";
                maps.Add(new(name, layer.OutputShape[0], x.ToArray()));
            }
        }

        return (maps, x.ToArray());
    }
}
