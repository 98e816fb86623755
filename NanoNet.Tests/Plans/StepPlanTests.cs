using NanoNet.Assignment;
using NanoNet.Core.Autograd;
using NanoNet.Core.Ops;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>
/// Training steps of Models A and B, recorded: what the rewrites make of them, and that they train alike.
/// </summary>
public sealed class StepPlanTests
{
    private const int Rows = 3;

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    // Where calls are fused, the sums for biases run in another order; one step only: in the next, those roundings are
    // in everything.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void A_plan_of_Model_A_gives_the_bits_of_its_operations(string engine)
    {
        using var run = new Pair(engine, ModelKind.A);
        AssertSame(run, run.FusesCalls ? Biases(run) : []);
    }

    // The same for the biases of the convolutions before a pooling layer, on every engine.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void A_plan_of_Model_B_too_but_for_the_rounding_of_some_biases(string engine)
    {
        using var run = new Pair(engine, ModelKind.B);
        AssertSame(run, run.FusesCalls ? Biases(run) : [1, 5, 9]);
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Where_calls_are_dear_all_parameters_are_updated_in_one(string engine)
    {
        using var run = new Pair(engine, ModelKind.A);
        bool fewCalls = Engines.Get(engine).Device.Backend.PrefersFewCalls;
        Assert.Equal(
            fewCalls ? 1 : run.Expected.Length, run.Plan.Calls.Count(call => call is SgdUpdateCall or MatMulUpdateCall));
    }

    [Theory]
    [InlineData(ModelKind.A)]
    [InlineData(ModelKind.B)]
    public void The_rewrites_fire(ModelKind kind)
    {
        using var run = new Pair(Engines.Simd.Name, kind);
        var calls = run.Plan.Calls.ToList();

        // No constants, nothing that nobody reads (such as the mean loss), and updates among the gradients, not after
        // them.
        Assert.Empty(calls.OfType<FillCall>());
        Assert.All(calls, call => Assert.Contains(call.Writes,
            written => written is not PlannedBuffer || calls.Any(other => other.Reads.Contains(written))));
        Assert.True(calls.FindIndex(call => call is SgdUpdateCall) < calls.Count - run.Expected.Length, "all updates come last");

        // Of A's memory most is one gradient.
        double most = kind == ModelKind.A ? 1 : 0.6;
        Assert.True(run.Plan.Bytes < most * run.EagerBytes, $"{run.Plan.Bytes:N0} bytes in a plan, {run.EagerBytes:N0} without");

        // Kernels of dense layers are updated by the products that are their gradients.
        Assert.Equal(kind == ModelKind.A ? 4 : 3, calls.OfType<MatMulUpdateCall>().Count());

        // Two layers drop out, and neither on the way back.
        Assert.Equal(2, calls.OfType<DropoutCall>().Count());

        var pools = calls.OfType<MaxPool2DGradientCall>().ToList();
        Assert.Equal(kind == ModelKind.B ? 3 : 0, pools.Count);
        Assert.All(pools, pool => Assert.Contains(calls.OfType<ReluBiasGradientCall>(), relu => relu.Dz == pool.Dy));
    }

    private static int[] Biases(Pair run) => [.. Enumerable.Range(0, run.Expected.Length).Where(i => i % 2 == 1)];

    private static void AssertSame(Pair run, int[] rounded)
    {
        for (int i = 0; i < run.Expected.Length; i++)
        {
            if (rounded.Contains(i))
            {
                var expected = NdArray.From([run.Expected[i].Length], run.Expected[i]);
                Check.Close($"parameter {i}", expected, run.Actual[i], Tolerance.Rounded(16));
            }
            else
            {
                Check.SameBits<float>($"parameter {i}", run.Expected[i], run.Actual[i]);
            }
        }
    }

    /// <summary>The weights after one step, done operation by operation and by a plan.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(string engine, ModelKind kind)
        {
            var device = Engines.Get(engine).Device;
            FusesCalls = device.Backend is IFusesCalls;
            using var model = AssignmentModels.Create(kind, device);
            using var optimizer = new Sgd(0.1f);
            float[][] initial = model.GetWeights();
            float[] pixels = [.. Enumerable.Range(0, Rows * 784).Select(i => i * 37 % 256 / 255f)];
            using var x = Tensor.From(device, pixels, model.InputShape.Batched(Rows));
            using var labels = Tensor.FromLabels(device, [3, 0, 9]);
            long live = device.LiveBytes;

            void Step()
            {
                using var tape = new GradientTape();
                var loss = Op.SoftmaxCrossEntropy(model.Logits(x, training: true), labels);
                optimizer.UpdateAll(model.Parameters, tape.Gradient(loss, model.Parameters));
                EagerBytes = Math.Max(EagerBytes, device.LiveBytes - live);
            }

            Step();
            Expected = model.GetWeights();
            model.SetWeights(initial);
            model.Clock.Step = 0;
            Plan = device.Record(() =>
            {
                Step();
                return null;
            }, []);
            Plan.Run();
            Actual = model.GetWeights();
        }

        public bool FusesCalls { get; }

        public float[][] Expected { get; }

        public float[][] Actual { get; }

        public StepPlan Plan { get; }

        public long EagerBytes { get; private set; }

        public void Dispose() => Plan.Dispose();
    }
}
