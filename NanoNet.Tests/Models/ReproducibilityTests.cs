using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>The same seed gives the same bits: run after run, and on any number of threads.</summary>
public sealed class ReproducibilityTests
{
    private static readonly Shape s_shape = new(8, 8, 2);

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Two_runs_give_the_same_bits(string engine)
    {
        var (weights, history) = Train(Engines.Get(engine).Device);
        var (again, historyAgain) = Train(Engines.Get(engine).Device);
        AssertSame(weights, again);
        Assert.Equal(history.Loss, historyAgain.Loss);
        Assert.Equal(history.ValLoss, historyAgain.ValLoss);
    }

    [Fact]
    public void One_two_and_four_threads_give_the_same_bits()
    {
        var (weights, history) = Train(Engines.Get(Engines.Managed[0]).Device);
        foreach (string engine in Engines.Managed[1..])
        {
            var (others, otherHistory) = Train(Engines.Get(engine).Device);
            AssertSame(weights, others);
            Assert.Equal(history.Loss, otherHistory.Loss);
        }
    }

    // All engines draw the same weights, orders and masks, so that they stay together for some steps.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Engines_follow_one_another(string engine)
    {
        var (_, expected) = Train(Engines.Get(Engines.Managed[0]).Device);
        var (_, actual) = Train(Engines.Get(engine).Device);
        Assert.Equal(expected.Loss[0], actual.Loss[0], 1e-5);
        Assert.Equal(expected.ValLoss[0], actual.ValLoss[0], 1e-5);
    }

    [Fact]
    public void Going_on_from_an_epoch_leads_to_the_same_bits()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, 37, s_shape);
        using var whole = TinyModel.EveryLayer(device);
        using var parts = TinyModel.EveryLayer(device);
        whole.Fit(examples, new FitOptions { Epochs = 3, BatchSize = 8 });
        parts.Fit(examples, new FitOptions { Epochs = 1, BatchSize = 8 });
        parts.Fit(examples, new FitOptions { InitialEpoch = 1, Epochs = 3, BatchSize = 8 });
        AssertSame(whole.GetWeights(), parts.GetWeights());
    }

    [Fact]
    public void What_ran_before_has_no_say()
    {
        var device = Engines.Simd.Device;
        var (weights, _) = Train(device);
        using (var examples = TinyModel.Examples(device, 9))
        using (var other = TinyModel.Regression(device))
        {
            other.Fit(examples);
            other.Predict(examples);
        }

        AssertSame(weights, Train(device).Weights);
    }

    [Fact]
    public void Seed_and_draw_change_the_run()
    {
        var device = Engines.Simd.Device;
        float[] weights = Train(device).Weights[0];
        Assert.NotEqual(weights, Train(device, seed: 8).Weights[0]);
        Assert.NotEqual(weights, Train(device, draw: 1).Weights[0]);
        using var model = TinyModel.EveryLayer(device);
        float[] first = model.GetWeights()[0];
        model.ResetWeights(draw: 1);
        Assert.NotEqual(first, model.GetWeights()[0]);
        model.ResetWeights();
        Assert.Equal(first, model.GetWeights()[0]);
    }

    private static (float[][] Weights, History History) Train(Device device, ulong seed = 7, int draw = 0)
    {
        using var examples = TinyModel.Examples(device, 37, s_shape);
        using var validation = TinyModel.Examples(device, 11, s_shape);
        using var model = TinyModel.EveryLayer(device, seed);
        var history = model.Fit(examples, new FitOptions { Epochs = 2, BatchSize = 8, Validation = validation, Draw = draw });
        return (model.GetWeights(), history);
    }

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Check.SameBits<float>($"parameter {i}", expected[i], actual[i]);
        }
    }
}
