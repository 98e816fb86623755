using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Kernels;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>Which buffers of a plan share memory, and that no value is lost by it.</summary>
public sealed class PlanMemoryTests
{
    private const int Count = 300;
    private static readonly BroadcastGeometry s_all = BroadcastGeometry.Elementwise(Count);

    [Fact]
    public void A_chain_runs_in_place()
    {
        using var rig = new SimdRig();
        var x = rig.Floats(SimdRig.Random(Count, seed: 1, low: 0));
        using var recorder = new CallRecorder(rig.Engine);
        var last = x;
        for (int i = 0; i < 10; i++)
        {
            var next = Rent(recorder);
            recorder.Affine(next, last, 2, 0, Count);
            last = next;
        }

        using var plan = recorder.ToPlan(last);
        Assert.Equal(BufferPool.SizeClass(Count * 4), plan.Bytes);
        plan.Run();
        Assert.Equal(rig.Read(x, Count).Select(value => value * 1024), rig.Read(plan.Result!, Count));
    }

    [Fact]
    public void An_operand_that_is_read_again_is_not_overwritten()
    {
        using var rig = new SimdRig();
        var x = rig.Floats(SimdRig.Random(Count, seed: 1));
        using var recorder = new CallRecorder(rig.Engine);
        var (a, b, c) = (Rent(recorder), Rent(recorder), Rent(recorder));
        recorder.Affine(a, x, 2, 0, Count);
        recorder.Affine(b, a, 2, 0, Count);
        recorder.Binary<Add>(c, a, b, s_all);
        using var plan = recorder.ToPlan(c);
        plan.Run();
        Assert.Equal(rig.Read(x, Count).Select(value => value * 6), rig.Read(plan.Result!, Count));
        Assert.Equal(2 * BufferPool.SizeClass(Count * 4), plan.Bytes);
    }

    // Where a call gives no leave, its output must lie elsewhere, although the operand is free directly afterwards.
    [Fact]
    public void A_call_that_cannot_work_in_place_does_not()
    {
        using var rig = new SimdRig();
        var x = rig.Floats(SimdRig.Random(15 * 20, seed: 1));
        using var recorder = new CallRecorder(rig.Engine);
        var (a, b, c) = (Rent(recorder), Rent(recorder), Rent(recorder));
        recorder.Affine(a, x, 1, 0, Count);
        recorder.Binary<First>(b, a, a, BroadcastGeometry.FromStrides([20, 15], [1, 20], [1, 20]));
        recorder.Binary<First>(c, b, b, BroadcastGeometry.FromStrides([15, 20], [1, 15], [1, 15]));
        using var plan = recorder.ToPlan(c);
        plan.Run();
        Assert.Equal(rig.Read(x, Count), rig.Read(plan.Result!, Count));
        Assert.Equal(2 * BufferPool.SizeClass(Count * 4), plan.Bytes);
    }

    [Fact]
    public void Memory_goes_back_to_the_pool_and_the_result_is_nobody_elses()
    {
        using var rig = new SimdRig();
        var x = rig.Floats(SimdRig.Random(Count, seed: 1));
        long live = rig.Engine.Pool.LiveBytes;
        using (var recorder = new CallRecorder(rig.Engine))
        {
            var (a, b, c) = (Rent(recorder), Rent(recorder), Rent(recorder));
            var outside = rig.Engine.Pool.Rent(Count * 4);
            recorder.Affine(a, x, 2, 0, Count);
            recorder.Affine(b, x, 3, 0, Count);
            recorder.Affine(c, b, 3, 0, Count);
            recorder.Copy(outside, c, Count * 4);
            using var plan = recorder.ToPlan(a);
            plan.Run();
            plan.Run();
            Assert.Equal(rig.Read(x, Count).Select(value => value * 2), rig.Read(plan.Result!, Count));
            Assert.Equal(live + plan.Bytes + outside.ByteLength, rig.Engine.Pool.LiveBytes);
            rig.Engine.Pool.Return(outside);
            plan.Dispose();
            Assert.Throws<ObjectDisposedException>(plan.Run);
        }

        Assert.Equal(live, rig.Engine.Pool.LiveBytes);
    }

    [Fact]
    public void Nothing_goes_to_or_from_the_host()
    {
        using var rig = new SimdRig();
        using var recorder = new CallRecorder(rig.Engine);
        var buffer = Rent(recorder);
        Assert.Throws<InvalidOperationException>(() => recorder.Upload<float>(buffer, [1]));
        Assert.Throws<InvalidOperationException>(() => recorder.Download(new float[1].AsSpan(), buffer));
    }

    private static DeviceBuffer Rent(CallRecorder recorder) => recorder.Pool.Rent(Count * 4L);
}
