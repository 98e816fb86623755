using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using NanoNet.Kernels.Random;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>
/// What becomes of a recorded step, rewrite by rewrite: when it fires, when it must not, and that results stay.
/// </summary>
public sealed class PlanRewriteTests
{
    private const int Channels = 5;

    public static TheoryData<int, int, Padding> Pools => new()
    {
        { 2, 2, Padding.Valid },
        { 3, 2, Padding.Same },
        { 3, 1, Padding.Valid },
    };

    [Theory]
    [MemberData(nameof(Pools))]
    public void The_mask_of_a_ReLU_moves_behind_max_pooling(int size, int stride, Padding padding)
    {
        using var rig = new SimdRig(threads: 2);
        var pool = Pool2DGeometry.Create(3, 9, 8, Channels, size, size, stride, stride, padding);
        var x = rig.Floats(SimdRig.Random(pool.InputCount, seed: 1));
        var upstream = rig.Floats(SimdRig.Random(pool.OutputCount, seed: 2));
        var dz = rig.Output(pool.InputCount);
        var dbias = rig.Output(Channels);
        PoolingStep(rig.Engine, x, upstream, dz, dbias, pool);
        float[] expected = rig.Read(dz, pool.InputCount);
        var sums = NdArray.From([Channels], rig.Read(dbias, Channels));
        rig.Engine.Fill(dz, float.NaN, pool.InputCount);

        using var recorder = new CallRecorder(rig.Engine);
        PoolingStep(recorder, x, upstream, dz, dbias, pool);
        using var plan = recorder.ToPlan();
        plan.Run();
        var relu = Assert.Single(plan.Calls.OfType<ReluBiasGradientCall>());
        var gradient = Assert.Single(plan.Calls.OfType<MaxPool2DGradientCall>());
        Assert.Same(relu.Dz, gradient.Dy);
        Check.SameBits<float>("dz", expected, rig.Read(dz, pool.InputCount));
        Check.Close("dbias", sums, rig.Read(dbias, Channels), Tolerance.Rounded(16));
    }

    [Fact]
    public void The_mask_stays_where_pooling_is_not_the_only_user_or_its_gradient_is_wanted()
    {
        using var rig = new SimdRig();
        var pool = Pool2DGeometry.Create(1, 4, 4, Channels, 2, 2, 2, 2, Padding.Valid);
        var x = rig.Floats(SimdRig.Random(pool.InputCount, seed: 1));
        var upstream = rig.Floats(SimdRig.Random(pool.OutputCount, seed: 2));
        var (dz, dbias, other) = (rig.Output(pool.InputCount), rig.Output(Channels), rig.Output(pool.InputCount));

        using var twice = new CallRecorder(rig.Engine);
        PoolingStep(twice, x, upstream, dz, dbias, pool, spread => twice.Copy(other, spread, pool.InputCount * 4));
        using var another = new CallRecorder(rig.Engine);
        PoolingStep(another, x, upstream, dz, dbias, pool, spread => another.Affine(spread, spread, 1, 1, pool.InputCount));
        Assert.All(new[] { twice, another }, recorder =>
        {
            var calls = recorder.Calls.ToList();
            PlanRewrites.MaskBehindPooling(calls, null);
            Assert.Equal(recorder.Calls, calls);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_dropout_behind_a_ReLU_draws_its_mask_once(bool sameMask)
    {
        const int Rows = 6;
        const int Count = Rows * Channels;
        using var rig = new SimdRig();
        var x = rig.Floats(SimdRig.Random(Count, seed: 1));
        var upstream = rig.Floats(SimdRig.Random(Count, seed: 2));
        var (y, dz, dbias) = (rig.Output(Count), rig.Output(Count), rig.Output(Channels));
        var mask = new DropoutMask(0.4f, 5, 6, 1, new StepClock());
        DropoutStep(rig.Engine);
        float[][] expected = [rig.Read(y, Count), rig.Read(dz, Count), rig.Read(dbias, Channels)];

        using var recorder = new CallRecorder(rig.Engine);
        DropoutStep(recorder);
        using var plan = recorder.ToPlan();
        Assert.Equal(sameMask ? 1 : 2, plan.Calls.OfType<DropoutCall>().Count());
        rig.Engine.Fill(dz, float.NaN, Count);
        plan.Run();
        Assert.Equal(expected, [rig.Read(y, Count), rig.Read(dz, Count), rig.Read(dbias, Channels)]);

        void DropoutStep(IBackend to)
        {
            var (positive, dropped, d) = (Rent(to, Count), Rent(to, Count), Rent(to, Count));
            to.Unary<Relu>(positive, x, Count);
            to.Dropout(dropped, positive, mask, Rows, Channels);
            to.Copy(y, dropped, Count * 4);
            to.Dropout(d, upstream, sameMask ? mask : mask with { Layer = 2 }, Rows, Channels);
            to.ReluBiasGradient(dz, dbias, d, positive, Rows, Channels);
        }
    }

    [Fact]
    public void What_nobody_reads_is_dropped_and_what_feeds_it_too()
    {
        using var rig = new SimdRig();
        var (x, y) = (rig.Floats(1, 2, 3), rig.Output(3));
        using var recorder = new CallRecorder(rig.Engine);
        var (doubled, unread, result) = (Rent(recorder, 3), Rent(recorder, 3), Rent(recorder, 3));
        recorder.Affine(doubled, x, 2, 0, 3);
        recorder.Unary<Square>(unread, doubled, 3);
        recorder.Unary<Sqrt>(unread, unread, 3);
        recorder.Affine(y, x, 3, 0, 3);
        recorder.Affine(result, x, 4, 0, 3);
        using var plan = recorder.ToPlan(result);
        plan.Run();
        Assert.Equal(2, plan.Calls.Count);
        Assert.Equal([3, 6, 9], rig.Read(y, 3));
        Assert.Equal([4, 8, 12], rig.Read(plan.Result!, 3));
    }

    [Fact]
    public void A_parameter_is_updated_behind_the_last_who_reads_its_old_value()
    {
        using var rig = new SimdRig();
        var (w, v, x, out1, out2) = (rig.Floats(1, 2), rig.Floats(3, 4), rig.Floats(5, 6), rig.Output(2), rig.Output(2));
        using var recorder = new CallRecorder(rig.Engine);
        var (dw, dv) = (Rent(recorder, 2), Rent(recorder, 2));
        recorder.Affine(dw, x, 1, 0, 2);
        recorder.Copy(out1, w, 8);
        recorder.Affine(dv, x, 2, 0, 2);
        recorder.Copy(out2, v, 8);
        recorder.SgdUpdate(w, dw, null, 1, 0, false, 2);
        recorder.SgdUpdate(v, dv, null, 1, 0, false, 2);
        using var plan = recorder.ToPlan();
        Assert.IsType<SgdUpdateCall>(plan.Calls[2]);
        Assert.IsType<SgdUpdateCall>(plan.Calls[5]);
        plan.Run();
        Assert.Equal([1, 2, 3, 4], [.. rig.Read(out1, 2), .. rig.Read(out2, 2)]);
        Assert.Equal([-4, -4, -7, -8], [.. rig.Read(w, 2), .. rig.Read(v, 2)]);
    }

    [Fact]
    public void Updates_that_follow_one_another_become_one_but_those_of_the_same_parameter_or_at_another_rate()
    {
        using var rig = new SimdRig();
        var (a, b, c, g) = (rig.Floats(1, 2), rig.Floats(3, 4), rig.Floats(5, 6), rig.Floats(1, 1));
        using var recorder = new CallRecorder(rig.Engine);
        recorder.SgdUpdate(a, g, null, 1, 0, false, 2);
        recorder.SgdUpdate(b, g, null, 1, 0, false, 2);
        recorder.SgdUpdate(c, a, null, 1, 0, false, 2);
        recorder.SgdUpdate(b, g, null, 0.5f, 0, false, 2);
        recorder.SgdUpdate(c, g, null, 0.5f, 0, false, 2);
        var calls = recorder.Calls.ToList();
        PlanRewrites.UpdateTogether(calls);
        Assert.Equal([1, 2, 2], calls.Cast<SgdUpdateCall>().Select(call => call.Updates.Length).Order());
        foreach (var call in calls)
        {
            call.Run(rig.Engine);
        }

        Assert.Equal([0, 1, 1.5f, 2.5f, 4.5f, 4.5f], [.. rig.Read(a, 2), .. rig.Read(b, 2), .. rig.Read(c, 2)]);
    }

    [Fact]
    public void Constants_are_computed_once_and_keep_their_memory()
    {
        using var rig = new SimdRig();
        var (x, y) = (rig.Floats(1, 2, 3), rig.Output(3));
        using var recorder = new CallRecorder(rig.Engine);
        var (one, other, sum) = (Rent(recorder, 3), Rent(recorder, 3), Rent(recorder, 3));
        recorder.Fill(one, 10, 3);
        recorder.Binary<Add>(sum, x, one, BroadcastGeometry.Elementwise(3));
        recorder.Fill(other, 5, 3);
        recorder.Affine(other, other, 2, 0, 3);
        recorder.Binary<Add>(y, sum, other, BroadcastGeometry.Elementwise(3));
        using var plan = recorder.ToPlan();
        Assert.Same(other, Assert.Single(plan.Calls.OfType<FillCall>()).Output);
        for (int run = 0; run < 3; run++)
        {
            plan.Run();
            Assert.Equal([21, 22, 23], rig.Read(y, 3));
        }
    }

    // y = ReLU(x), pooled; then the way back from a gradient of the pooled.
    private static void PoolingStep(
        IBackend to, DeviceBuffer x, DeviceBuffer upstream, DeviceBuffer dz, DeviceBuffer dbias, Pool2DGeometry geometry,
        Action<DeviceBuffer>? meanwhile = null)
    {
        int count = geometry.InputCount;
        var (y, pooled, argmax) = (Rent(to, count), Rent(to, geometry.OutputCount), Rent(to, geometry.OutputCount));
        var (dpooled, spread, masked, sums) = (Rent(to, geometry.OutputCount), Rent(to, count), Rent(to, count), Rent(to, Channels));
        to.Unary<Relu>(y, x, count);
        to.MaxPool2D(pooled, argmax, y, geometry);
        to.Binary<Add>(dpooled, pooled, upstream, BroadcastGeometry.Elementwise(geometry.OutputCount));
        to.MaxPool2DGradient(spread, dpooled, argmax, geometry);
        meanwhile?.Invoke(spread);
        to.ReluBiasGradient(masked, sums, spread, y, count / Channels, Channels);
        to.Copy(dz, masked, count * 4);
        to.Copy(dbias, sums, Channels * 4);
    }

    private static DeviceBuffer Rent(IBackend to, int count) => to.Pool.Rent(count * 4L);
}
