using System.Text.Json;
using System.Text.Json.Nodes;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Formats;

/// <content>Writing: the least that every Keras 3 reads.</content>
internal sealed partial record KerasConfig
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The text of config.json for a model.</summary>
    public static string Write(Sequential model)
    {
        var layers = new JsonArray(InputLayer(model.InputShape));
        foreach (var layer in model.Layers)
        {
            layers.Add(KerasLayers.Write(layer));
        }

        var config = new JsonObject
        {
            ["name"] = model.Name,
            ["trainable"] = true,
            ["dtype"] = "float32",
            ["layers"] = layers,
            ["build_input_shape"] = BatchShape(model.InputShape),
        };
        var document = KerasSettings.Object("keras", "Sequential", config);
        document["build_config"] = new JsonObject { ["input_shape"] = BatchShape(model.InputShape) };
        if (model.Optimizer is Sgd sgd)
        {
            document["compile_config"] = Compiled(sgd, model.Loss!.Name);
        }

        return document.ToJsonString(Indented);
    }

    private static JsonObject InputLayer(Shape shape)
    {
        var config = new JsonObject
        {
            ["batch_shape"] = BatchShape(shape),
            ["dtype"] = "float32",
            ["sparse"] = false,
            ["name"] = "input_layer",
        };
        return KerasSettings.Object("keras.layers", "InputLayer", config);
    }

    // The batch size, null, is open.
    private static JsonArray BatchShape(Shape shape) =>
        new([null, .. shape.Sizes.ToArray().Select(size => JsonValue.Create(size))]);

    private static JsonObject Compiled(Sgd sgd, string loss) => new()
    {
        ["optimizer"] = KerasSettings.Object("keras.optimizers", "SGD", new JsonObject
        {
            ["name"] = sgd.Name,
            ["learning_rate"] = KerasSettings.Float(sgd.LearningRate),
            ["momentum"] = KerasSettings.Float(sgd.Momentum),
            ["nesterov"] = sgd.Nesterov,
        }),
        ["loss"] = loss,
        ["loss_weights"] = null,
        ["metrics"] = new JsonArray("accuracy"),
        ["weighted_metrics"] = null,
        ["run_eagerly"] = false,
        ["steps_per_execution"] = 1,
        ["jit_compile"] = false,
    };
}
