using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using PureHDF;

namespace NanoNet.Core.Formats;

/// <summary>
/// A model's numbers as Keras' model.weights.h5 holds them: /layers/KEY/vars/0 is a layer's kernel and 1 its bias,
/// /optimizer/vars/0 the number of steps, 1 the learning rate, from 2 on the velocities in the parameters' order. KEY
/// is not the layer's name but its class in snake case with a count. /vars, the model's own, is empty; some versions of
/// Keras insist on it.
/// </summary>
internal static class KerasWeights
{
    private const string OptimizerPath = "/optimizer/vars";
    private const int OptimizerScalars = 2;

    /// <summary>The contents of model.weights.h5.</summary>
    public static byte[] Write(Sequential model)
    {
        var layers = new H5Group();
        foreach (var (key, layer) in Keyed(model))
        {
            layers[key] = Holder(layer.Parameters.Select(parameter => Dataset(parameter.Value)));
        }

        var file = new H5File { ["vars"] = new H5Group(), ["layers"] = layers };
        if (model.Optimizer is Sgd sgd)
        {
            file["optimizer"] = Holder(OptimizerState(sgd, model.Parameters));
        }

        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Overwrites a model's parameters, all or none.</summary>
    /// <exception cref="DataFormatException">The file holds other layers or shapes.</exception>
    public static void ReadInto(Sequential model, KerasWeightsFile file)
    {
        var weights = new List<float[]>();
        foreach (var (key, layer) in Keyed(model))
        {
            string path = $"/layers/{key}/vars";
            int count = file.Count(path);
            if (count != layer.Parameters.Count)
            {
                throw file.Unexpected($"{layer.Parameters.Count} arrays for layer {layer.Name} in {path}", $"{count}");
            }

            weights.AddRange(layer.Parameters.Select((parameter, i) =>
                file.Floats($"{path}/{i}", parameter.Value.Shape)));
        }

        model.SetWeights(weights);
    }

    /// <summary>Restores the state of the optimizer that the model was compiled with, where the file has one.</summary>
    /// <exception cref="DataFormatException">The file holds the state of another optimizer.</exception>
    public static void ReadOptimizer(Sequential model, KerasWeightsFile file)
    {
        if (model.Optimizer is not Sgd sgd || file.Count(OptimizerPath) is not (> 0 and int count))
        {
            return;
        }

        int velocities = sgd.Momentum > 0 ? model.Parameters.Count : 0;
        if (count != OptimizerScalars + velocities)
        {
            string expected = $"{OptimizerScalars + velocities} arrays of optimizer state in {OptimizerPath}";
            throw file.Unexpected(expected, $"{count}");
        }

        // The learning rate, 1, is in the configuration too.
        long steps = file.Integer($"{OptimizerPath}/0");
        sgd.Restore(steps, [.. Enumerable.Range(0, velocities).Select(Velocity)]);

        Tensor Velocity(int i)
        {
            var shape = model.Parameters[i].Shape;
            var values = file.Floats($"{OptimizerPath}/{OptimizerScalars + i}", shape);
            return TensorScope.Outside(() => Tensor.From(model.Device, values, shape));
        }
    }

    private static IEnumerable<(string Key, Layer Layer)> Keyed(Sequential model)
    {
        var counts = new Dictionary<string, int>();
        foreach (var layer in model.Layers)
        {
            string stem = LayerNames.SnakeCase(layer.TypeName);
            int count = counts.GetValueOrDefault(stem);
            counts[stem] = count + 1;
            yield return (count == 0 ? stem : $"{stem}_{count}", layer);
        }
    }

    private static H5Group Holder(IEnumerable<H5Dataset> variables)
    {
        var vars = new H5Group();
        foreach (var variable in variables)
        {
            vars[$"{vars.Count}"] = variable;
        }

        return new H5Group { ["vars"] = vars };
    }

    private static H5Dataset Dataset(Tensor tensor) => Dataset(tensor.ToArray(), tensor.Shape);

    private static H5Dataset Dataset(float[] values, Shape shape) =>
        new(values, fileDims: [.. shape.Sizes.ToArray().Select(size => (ulong)size)]);

    // Before the first step an optimizer has no velocities yet; Keras has, all zero.
    private static IEnumerable<H5Dataset> OptimizerState(Sgd sgd, IReadOnlyList<Tensor> parameters)
    {
        IEnumerable<H5Dataset> velocities = sgd.Momentum == 0 ? []
            : sgd.Velocities.Count > 0 ? sgd.Velocities.Select(Dataset)
            : parameters.Select(parameter => Dataset(new float[parameter.Count], parameter.Shape));
        return [new H5Dataset(sgd.Iterations), new H5Dataset(sgd.LearningRate), .. velocities];
    }
}
