using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Losses;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>Evaluation and prediction: dropout off, in order, in batches of any size.</summary>
public sealed class EvaluateAndPredictTests
{
    private const int Count = 37;
    private static readonly Shape s_shape = new(8, 8, 2);

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Evaluate_agrees_with_what_Predict_gives(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var model = TinyModel.EveryLayer(device);
        var evaluation = model.Evaluate(examples);
        var probabilities = NdArray.From([Count, TinyModel.Classes], model.Predict(examples));
        var logits = NdArray.From([Count, TinyModel.Classes], model.PredictLogits(examples));
        var targets = Naive.OneHot(TinyModel.Data(Count, s_shape.Count).Labels, TinyModel.Classes);

        Check.Close("probabilities", Naive.Softmax(logits), probabilities.Floats, Tolerance.Sum(TinyModel.Classes, 8));
        Assert.Equal(Naive.SoftmaxCrossEntropy(logits, targets).Values.Average(), evaluation.Loss, 1e-6);
        Assert.Equal((double)Naive.CountCorrect(probabilities, targets) / Count, evaluation.Accuracy, 1e-12);
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void The_size_of_a_batch_changes_nothing_but_rounding(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var model = TinyModel.EveryLayer(device);
        var whole = NdArray.From([Count, TinyModel.Classes], model.Predict(examples, Count));
        foreach (int batch in new[] { 1, 7, 36, 1000 })
        {
            Check.Close($"batches of {batch}", whole, model.Predict(examples, batch), Tolerance.Sum(100, 20));
            Assert.Equal(model.Evaluate(examples, Count).Loss, model.Evaluate(examples, batch).Loss, 1e-6);
        }
    }

    [Fact]
    public void Forward_gives_what_Predict_gives()
    {
        var device = Engines.Simd.Device;
        using var scope = new TensorScope();
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var model = TinyModel.EveryLayer(device);
        var x = Tensor.From(device, TinyModel.Data(Count, s_shape.Count).Inputs.Floats, s_shape.Batched(Count));
        Assert.Equal(model.Predict(examples, Count), model.Forward(x).ToArray());
        Assert.Equal(model.PredictLogits(examples, Count), model.Logits(x).ToArray());
        Assert.NotEqual(model.Forward(x).ToArray(), model.Forward(x, training: true).ToArray());

        // As in Keras, a missing axis of size 1 is no error; a wrong size is.
        Assert.Equal(model.Forward(x).ToArray(), model.Forward(x.Reshape(Count, 8, 16)).ToArray());
        var failure = Assert.Throws<ShapeException>(() => model.Forward(Tensor.Zeros(device, new(Count, 8, 8, 1))));
        Assert.Equal("Every layer: expected an input of shape (batch, 8, 8, 2), got (37, 8, 8, 1).", failure.Message);
    }

    [Fact]
    public void Evaluating_moves_nothing()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var model = TinyModel.EveryLayer(device);
        model.Clock.Step = 5;
        var weights = model.GetWeights();
        model.Evaluate(examples);
        model.Predict(examples);
        Assert.Equal(5, model.Clock.Step);
        Assert.Equal(weights, model.GetWeights());
    }

    [Fact]
    public void A_model_without_a_softmax_predicts_but_does_not_train()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, Count);
        using var model = new Sequential("Bare", device, new Shape(TinyModel.Features), [new Dense(2)]);
        Assert.Equal(Count * 2, model.Predict(examples).Length);
        var failure = Assert.Throws<InvalidOperationException>(() => model.Fit(examples));
        Assert.Equal("Bare: call Compile(new Sgd()) before Fit.", failure.Message);
        model.Compile(new Core.Optimizers.Sgd());
        failure = Assert.Throws<InvalidOperationException>(() => model.Fit(examples));
        Assert.Equal("Bare: expected a model that ends in a softmax, but its last layer is dense (Dense) without one. "
            + "Give the last layer ActivationFunction.Softmax.", failure.Message);
    }

    // float32 figures that Keras gives.
    [Theory]
    [InlineData(0f, 16.118095f)]
    [InlineData(1f, 1.1920930e-07f)]
    [InlineData(0.25f, 1.3862944f)]
    public void A_loss_from_probabilities_is_clipped_as_in_Keras(float probability, float expected) =>
        Assert.Equal(expected, CategoricalCrossentropy.FromProbabilities([probability, 1 - probability], 0), 1e-6f * expected);
}
