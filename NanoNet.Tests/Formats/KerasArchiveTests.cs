using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoNet.Assignment;
using NanoNet.Core.Autograd;
using NanoNet.Core.Formats;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Data;
using Xunit;
using DeviceChoice = NanoNet.Kernels.DeviceChoice;

namespace NanoNet.Tests.Formats;

public sealed class KerasArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Device _device = Device.Open(DeviceChoice.Cpu, threads: 1);

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_of_real_Keras_predicts_what_Keras_predicted()
    {
        using var model = Sequential.Load(TestFiles.PathOf("keras-model-a.keras"), _device);
        using var golden = JsonDocument.Parse(TestFiles.Read("keras-model-a-probabilities.json"));
        float[] expected =
        [
            .. golden.RootElement.GetProperty("model_a").GetProperty("probs").EnumerateArray()
                .SelectMany(row => row.EnumerateArray()).Select(probability => probability.GetSingle()),
        ];

        using var scope = new TensorScope();
        var probabilities = model.Forward(Tensor.From(_device, GoldenInput(), new Shape(4, 28, 28))).ToArray();

        Assert.Equal(40, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(probabilities[i], expected[i] - 1e-6f, expected[i] + 1e-6f);
        }
    }

    [Fact]
    public void A_file_of_real_Keras_comes_whole_and_compiled()
    {
        using var model = Sequential.Load(TestFiles.PathOf("keras-model-a.keras"), _device, seed: 7);

        Assert.Equal(("model_a", 242_762, 7ul), (model.Name, model.ParameterCount, model.Seed));
        Assert.Equal(
            ["flatten", "dense", "dropout", "dense_1", "dense_2", "dropout_1", "dense_3"],
            model.Layers.Select(layer => layer.Name));
        Assert.Equal(0.2f, Assert.IsType<Dropout>(model.Layers[2]).Rate);
        var sgd = Assert.IsType<Sgd>(model.Optimizer);
        Assert.Equal((0.01f, 0f, 37_500L), (sgd.LearningRate, sgd.Momentum, sgd.Iterations));
    }

    [Theory]
    [InlineData(ModelKind.A, "keras-model-a-config.json")]
    [InlineData(ModelKind.B, "keras-model-b-config.json")]
    public void The_configuration_is_the_one_that_real_Keras_was_seen_to_open(ModelKind kind, string seen)
    {
        using var model = AssignmentModels.Create(kind, _device);
        model.Compile(new Sgd());

        string text = KerasConfig.Write(model);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(TestFiles.Read(seen)), JsonNode.Parse(text)), text);
        Assert.Contains("\"momentum\": 0.0,", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelKind.A)]
    [InlineData(ModelKind.B)]
    public void What_was_saved_is_read_back_bit_for_bit(ModelKind kind)
    {
        using var model = AssignmentModels.Create(kind, _device, seed: 3);
        model.Compile(new Sgd(0.1f));
        string path = _folder.File("model.keras");

        model.Save(path);
        using var loaded = Sequential.Load(path, _device);

        AssertSameBits(model, loaded);
        Assert.Equal(model.Summary(), loaded.Summary());
        Assert.Equal((model.Name, 0.1f), (loaded.Name, loaded.Optimizer!.LearningRate));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Every_setting_of_every_layer_survives()
    {
        using var model = new Sequential("All sorts", _device, new Shape(9, 8, 2),
        [
            new Conv2D(3, (3, 2), padding: Padding.Same, strides: (2, 1), useBias: false),
            new Activation(ActivationFunction.Sigmoid),
            new MaxPool2D((2, 3), (1, 2), Padding.Same),
            new Flatten(),
            new Dropout(0.1f),
            new Dense(4, useBias: false),
            new Activation(ActivationFunction.Softmax),
        ]);
        string path = _folder.File("model.keras");

        model.Save(path);
        using var loaded = Sequential.Load(path, _device);

        Assert.Equal(KerasConfig.Write(model), KerasConfig.Write(loaded));
        AssertSameBits(model, loaded);
        Assert.Null(loaded.Optimizer);
    }

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.9f, false)]
    [InlineData(0.9f, true)]
    public void Training_goes_on_as_if_it_had_not_been_saved(float momentum, bool nesterov)
    {
        using var model = Small();
        model.Compile(new Sgd(0.05f, momentum, nesterov));
        using var examples = SmallExamples();
        Train(model, examples);
        string path = _folder.File("model.keras");
        model.Save(path);

        using var loaded = Sequential.Load(path, _device);
        Assert.Equal(model.Optimizer!.Iterations, loaded.Optimizer!.Iterations);
        Train(model, examples);
        Train(loaded, examples);

        AssertSameBits(model, loaded);
    }

    [Fact]
    public void Weights_alone_go_into_a_model_that_is_there()
    {
        using var model = Small();
        using var other = Small(seed: 5);
        string path = _folder.File("model.keras");
        model.Save(path);

        other.LoadWeights(path);

        AssertSameBits(model, other);
    }

    [Fact]
    public void The_archive_has_the_members_of_Keras_stored()
    {
        using var model = Small();
        string path = _folder.File("deep/er/model.keras");
        model.Save(path);
        model.Save(path);

        using var archive = ZipFile.OpenRead(path);
        Assert.Equal(["metadata.json", "config.json", "model.weights.h5"], archive.Entries.Select(entry => entry.Name));
        Assert.All(archive.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    private static void AssertSameBits(Sequential expected, Sequential actual)
    {
        Assert.Equal(expected.Parameters.Count, actual.Parameters.Count);
        foreach (var (one, other) in expected.GetWeights().Zip(actual.GetWeights()))
        {
            Assert.True(MemoryMarshal.AsBytes(one.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(other.AsSpan())));
        }
    }

    private static float[] GoldenInput()
    {
        var input = new float[4 * 28 * 28];
        for (int i = 0; i < input.Length; i++)
        {
            var (b, r, c) = (i / 784, i / 28 % 28, i % 28);
            input[i] = ((31 * b + 7 * r + 13 * c + r * c * b) % 256) / 255f;
        }

        return input;
    }

    private static void Train(Sequential model, Examples examples) =>
        model.Fit(examples, new FitOptions { BatchSize = 4 }, TestContext.Current.CancellationToken);

    private Sequential Small(ulong seed = 42) => new("Small", _device, new Shape(5),
    [
        new Dense(7, ActivationFunction.Relu),
        new Dropout(0.25f),
        new Dense(3, ActivationFunction.Softmax),
    ], seed);

    private Examples SmallExamples()
    {
        float[] inputs = [.. Enumerable.Range(0, 10 * 5).Select(i => i * 37 % 11 / 11f)];
        int[] labels = [.. Enumerable.Range(0, 10).Select(i => i % 3)];
        return Examples.FromArrays(_device, inputs, new Shape(5), labels);
    }
}
