using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>Which calls become one on engines that have kernels for it, which do not, and that results stay.</summary>
public sealed class PlanFusionTests
{
    private const int Rows = 6;
    private const int Columns = 5;
    private const int Inner = 3;
    private const int Count = Rows * Columns;

    public static TheoryData<string> EngineNames =>
        [.. Engines.OneOfEach.Where(engine => engine.Backend is IFusesCalls).Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Loss_totals_and_gradient_are_one_call(string engine)
    {
        using var memory = new Buffers(engine);
        var (logits, labels, one) = (memory.Random(Count, 1), memory.Labels(Rows, Columns), memory.From(1.5f));
        var (totals, dlogits) = (memory.From(0, 0, 0, 0), memory.Output(Count));
        Step(memory.Engine);
        float[][] expected = [memory.Read(totals, 4), memory.Read(dlogits, Count)];
        memory.Engine.Fill(totals, 0, 4);

        using var recorder = new CallRecorder(memory.Engine);
        Step(recorder);
        using var plan = recorder.ToPlan();
        Assert.IsType<LossStepCall>(Assert.Single(plan.Calls));
        plan.Run();
        float[] actual = memory.Read(totals, 4);
        Check.Close("loss", NdArray.From([1], [expected[0][0]]), actual.AsSpan(0, 1), Tolerance.Rounded(8));
        Check.SameBits<float>("counts", expected[0].AsSpan(2, 2), actual.AsSpan(2, 2));
        Check.Close("dlogits", NdArray.From([Count], expected[1]), memory.Read(dlogits, Count), Tolerance.Rounded(8));

        void Step(IBackend to)
        {
            var losses = memory.Rent(to, Rows);
            to.SoftmaxCrossEntropy(losses, logits, labels, TargetKind.ClassIndices, Rows, Columns);
            to.AccumulateMetrics(totals, losses, logits, labels, TargetKind.ClassIndices, Rows, Columns);
            to.SoftmaxCrossEntropyGradient(dlogits, one, logits, labels, TargetKind.ClassIndices, Rows, Columns);
        }
    }

    [Theory]
    [InlineData("losses read")]
    [InlineData("other scores")]
    [InlineData("targets change")]
    [InlineData("totals read")]
    public void Losses_that_others_need_and_calls_that_others_come_between_stay(string what)
    {
        using var memory = new Buffers(Engines.Ilgpu[0]);
        var (logits, scores, labels) = (memory.Random(Count, 1), memory.Random(Count, 2), memory.Labels(Rows, Columns));
        var (totals, dlogits) = (memory.From(0, 0, 0, 0), memory.Output(Count));
        var (one, copy) = (memory.From(1), memory.Output(Rows));
        using var recorder = new CallRecorder(memory.Engine);
        var losses = recorder.Pool.Rent(Rows * 4);
        recorder.SoftmaxCrossEntropy(losses, logits, labels, TargetKind.ClassIndices, Rows, Columns);
        recorder.AccumulateMetrics(
            totals, losses, what == "other scores" ? scores : logits, labels, TargetKind.ClassIndices, Rows, Columns);
        switch (what)
        {
            case "losses read":
                recorder.Copy(copy, losses, Rows * 4);
                break;
            case "targets change":
                recorder.Fill(labels, 0, Rows);
                break;
            case "totals read":
                recorder.Copy(copy, totals, 16);
                break;
        }

        recorder.SoftmaxCrossEntropyGradient(dlogits, one, logits, labels, TargetKind.ClassIndices, Rows, Columns);
        var calls = recorder.Calls.ToList();
        PlanRewrites.LossTogether(calls, (IFusesCalls)memory.Engine);
        Assert.Empty(calls.OfType<LossStepCall>());
        Assert.NotEmpty(calls.OfType<LossCall>());
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Mask_and_scale_go_into_the_product_and_the_bias_is_summed_by_its_update(string engine)
    {
        using var memory = new Buffers(engine);
        var (a, b, y) = (memory.Random(Rows * Inner, 1), memory.Random(Columns * Inner, 2), memory.Random(Count, 3));
        var (dz, bias) = (memory.Output(Count), memory.Random(Columns, 4));
        float[] before = memory.Read(bias, Columns);
        GradientStep(memory, memory.Engine, a, b, y, dz, bias);
        float[] expected = memory.Read(dz, Count);
        var after = NdArray.From([Columns], memory.Read(bias, Columns));
        memory.Engine.Upload<float>(bias, before);

        using var recorder = new CallRecorder(memory.Engine);
        GradientStep(memory, recorder, a, b, y, dz, bias);
        using var plan = recorder.ToPlan();
        Assert.Equal(3, plan.Calls.Count);
        Assert.Equal([Rows], Assert.Single(plan.Calls.OfType<SgdUpdateCall>()).GradientRows);
        plan.Run();
        Check.SameBits<float>("dz", expected, memory.Read(dz, Count));
        Check.Close("bias", after, memory.Read(bias, Columns), Tolerance.Rounded(8));
    }

    [Fact]
    public void A_gradient_that_others_read_is_not_masked_in_its_product_and_a_sum_that_others_read_is_finished()
    {
        using var memory = new Buffers(Engines.Ilgpu[0]);
        var (a, b, y) = (memory.Random(Rows * Inner, 1), memory.Random(Columns * Inner, 2), memory.Random(Count, 3));
        var (dz, bias, copy) = (memory.Output(Count), memory.Random(Columns, 4), memory.Output(Count));
        using var twice = new CallRecorder(memory.Engine);
        GradientStep(memory, twice, a, b, y, dz, bias, (gradient, _) => twice.Copy(copy, gradient, Count * 4));
        var calls = twice.Calls.ToList();
        PlanRewrites.MaskInProducts(calls, null);
        Assert.Single(calls.OfType<ReluBiasGradientCall>());

        using var read = new CallRecorder(memory.Engine);
        GradientStep(memory, read, a, b, y, dz, bias, (_, sums) => read.Copy(copy, sums, Columns * 4));
        calls = [.. read.Calls];
        PlanRewrites.MaskInProducts(calls, null);
        PlanRewrites.SumInUpdates(calls, (IFusesCalls)memory.Engine);
        Assert.Empty(calls.OfType<ReluBiasGradientCall>());
        Assert.Single(calls.OfType<ReduceSumCall>());
    }

    // Many rows: the sum is begun before the update.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Of_many_rows_the_update_sums_the_last(string engine)
    {
        const int Many = 1500;
        const int Wide = 40;
        using var memory = new Buffers(engine);
        var (x, bias) = (memory.Random(Many * Wide, 1), memory.Random(Wide, 2));
        float[] before = memory.Read(bias, Wide);
        Step(memory.Engine);
        var expected = NdArray.From([Wide], memory.Read(bias, Wide));
        memory.Engine.Upload<float>(bias, before);
        using var recorder = new CallRecorder(memory.Engine);
        Step(recorder);
        using var plan = recorder.ToPlan();
        Assert.Empty(plan.Calls.OfType<ReduceSumCall>());
        int rows = Assert.Single(plan.Calls.OfType<SgdUpdateCall>().Single().GradientRows);
        Assert.InRange(rows, 2, 64);
        plan.Run();
        double[] sizes = [.. Enumerable.Repeat(Math.Sqrt(Many), Wide)];
        Check.Close("bias", expected, memory.Read(bias, Wide), Tolerance.Sum(Many), sizes);

        void Step(IBackend to)
        {
            var (squares, sums) = (memory.Rent(to, Many * Wide), memory.Rent(to, Wide));
            to.Unary<Square>(squares, x, Many * Wide);
            to.ReduceSum(sums, squares, new(1, Many, Wide), 1);
            to.SgdUpdate(bias, sums, null, 0.1f, 0, false, Wide);
        }
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Inputs_and_targets_are_gathered_by_one_call(string engine)
    {
        using var memory = new Buffers(engine);
        var (pixels, labels, places) = (memory.Random(Count, 1), memory.Labels(Rows, 3), memory.Labels(Rows, Rows));
        var (y, targets) = (memory.Output(Count), memory.Output(Rows));
        Gathers(memory.Engine, pixels, labels, (y, places), (targets, places), new StepClock { Start = 1 });
        float[][] expected = [memory.Read(y, Count - Columns), memory.Read(targets, Rows - 1)];
        memory.Engine.Fill(y, 0, Count);
        memory.Engine.Fill(targets, 0, Rows);

        using var recorder = new CallRecorder(memory.Engine);
        Gathers(recorder, pixels, labels, (y, places), (targets, places), new StepClock { Start = 1 });
        using var plan = recorder.ToPlan();
        Assert.IsType<GatherTogetherCall>(Assert.Single(plan.Calls));
        plan.Run();
        Check.SameBits<float>("inputs", expected[0], memory.Read(y, Count - Columns));
        Check.SameBits<float>("targets", expected[1], memory.Read(targets, Rows - 1));
    }

    [Theory]
    [InlineData("other places")]
    [InlineData("places change")]
    [InlineData("inputs change")]
    [InlineData("inputs are floats")]
    public void Gathers_that_do_not_belong_together_stay_two(string what)
    {
        using var memory = new Buffers(Engines.Ilgpu[0]);
        var (pixels, labels, places) = (memory.Random(Count, 1), memory.Labels(Rows, 3), memory.Labels(Rows, Rows));
        var others = what == "other places" ? memory.Labels(Rows, 2) : places;
        using var recorder = new CallRecorder(memory.Engine);
        Gathers(
            recorder, pixels, labels, (memory.Output(Count), places), (memory.Output(Rows), others), new StepClock(),
            what == "inputs are floats" ? ElementType.Float32 : ElementType.UInt8,
            () =>
            {
                if (what.EndsWith("change", StringComparison.Ordinal))
                {
                    recorder.Fill(what == "places change" ? places : pixels, 0, Rows);
                }
            });
        var calls = recorder.Calls.ToList();
        PlanRewrites.GatherTogether(calls, (IFusesCalls)memory.Engine);
        Assert.Equal(2, calls.OfType<GatherCall>().Count());
    }

    private static void Gathers(
        IBackend to, DeviceBuffer pixels, DeviceBuffer labels, (DeviceBuffer Y, DeviceBuffer Places) inputs,
        (DeviceBuffer Y, DeviceBuffer Places) targets, StepClock clock, ElementType type = ElementType.UInt8,
        Action? meanwhile = null)
    {
        to.Gather(inputs.Y, pixels, inputs.Places, new(Rows - 1, Columns, type, 0.5f), clock);
        meanwhile?.Invoke();
        to.Gather(targets.Y, labels, targets.Places, new(Rows - 1, 1, ElementType.Int32, 1), clock);
    }

    // A product's gradient, scaled as by dropout, masked by y; dz is copied out, and the bias follows its sums.
    private static void GradientStep(
        Buffers memory, IBackend to, DeviceBuffer a, DeviceBuffer b, DeviceBuffer y, DeviceBuffer dz, DeviceBuffer bias,
        Action<DeviceBuffer, DeviceBuffer>? meanwhile = null)
    {
        var (product, scaled, masked) = (memory.Rent(to, Count), memory.Rent(to, Count), memory.Rent(to, Count));
        var sums = memory.Rent(to, Columns);
        to.MatMul(product, a, b, null, new MatMulGeometry(Rows, Columns, Inner, TransposeB: true), Activation.None);
        to.Affine(scaled, product, 1.25f, 0, Count);
        to.ReluBiasGradient(masked, sums, scaled, y, Rows, Columns);
        meanwhile?.Invoke(scaled, sums);
        to.Copy(dz, masked, Count * 4);
        to.SgdUpdate(bias, sums, null, 0.1f, 0, false, Columns);
    }

    /// <summary>Buffers of an engine that go back to its pool.</summary>
    private sealed class Buffers(string engine) : IDisposable
    {
        private readonly List<DeviceBuffer> _all = [];

        public IBackend Engine { get; } = Engines.Get(engine).Backend;

        public DeviceBuffer From(params ReadOnlySpan<float> values)
        {
            var buffer = Output(values.Length);
            Engine.Upload(buffer, values);
            return buffer;
        }

        public DeviceBuffer Random(int count, int seed) => From(SimdRig.Random(count, seed));

        public DeviceBuffer Labels(int rows, int classes)
        {
            var buffer = Output(rows);
            Engine.Upload<int>(buffer, [.. Enumerable.Range(0, rows).Select(row => row * 7 % classes)]);
            return buffer;
        }

        public DeviceBuffer Output(int count)
        {
            _all.Add(Engine.Pool.Rent(count * 4L));
            return _all[^1];
        }

        /// <summary>A buffer for a step: of a plan to be made, if it is recorded.</summary>
        public DeviceBuffer Rent(IBackend to, int count) => to == Engine ? Output(count) : to.Pool.Rent(count * 4L);

        public float[] Read(DeviceBuffer buffer, int count)
        {
            float[] values = new float[count];
            Engine.Download<float>(values, buffer);
            return values;
        }

        public void Dispose() => _all.ForEach(Engine.Pool.Return);
    }
}
