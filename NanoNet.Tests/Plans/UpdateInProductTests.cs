using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using NanoNet.Kernels.Simd;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>A kernel is updated as its gradient's product is stored: to the bit, and only where nobody needs the gradient.</summary>
public sealed class UpdateInProductTests
{
    private const float Rate = 0.3f;

    private static readonly (int M, int N, int K)[] Shapes =
        [(1, 1, 1), (7, 33, 5), (64, 10, 32), (96, 64, 256), (97, 35, 3), (225, 130, 40), (300, 257, 512), (784, 256, 32)];

    public static TheoryData<int> Widths => [.. Enum.GetValues<VectorWidth>().Select(width => (int)width)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void It_has_the_bits_of_a_product_and_an_update(int width)
    {
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var engine = new SimdBackend(threads, exact: false, (VectorWidth)width);
            foreach (var (m, n, k) in Shapes)
            {
                var geometry = new MatMulGeometry(m, n, k, TransposeA: true);
                DeviceBuffer a = Upload(engine, m * k, 1), b = Upload(engine, k * n, 2), w = Upload(engine, m * n, 3);
                using var gradient = engine.Pool.Rent(m * n * sizeof(float));
                var updated = Upload(engine, m * n, 3);
                engine.MatMul(gradient, a, b, null, geometry, Activation.None);
                engine.SgdUpdate(w, gradient, null, Rate, 0, false, m * n);
                Assert.True(((IUpdatesInProducts)engine).UpdatesInProduct(geometry));
                ((IUpdatesInProducts)engine).MatMulUpdate(updated, a, b, Rate, geometry);
                Check.SameBits<float>($"{(VectorWidth)width}, {threads} threads, {m} x {n} x {k}", Read(engine, w, m * n), Read(engine, updated, m * n));
                foreach (var buffer in (ReadOnlySpan<DeviceBuffer>)[a, b, w, updated])
                {
                    engine.Pool.Return(buffer);
                }
            }
        }
    }

    [Fact]
    public void Sums_in_several_parts_are_updated_by_themselves()
    {
        using var engine = new SimdBackend(1);
        Assert.False(((IUpdatesInProducts)engine).UpdatesInProduct(new MatMulGeometry(64, 10, 257)));
        Assert.False(((IUpdatesInProducts)engine).UpdatesInProduct(new MatMulGeometry(97, 10, 513)));
    }

    [Fact]
    public void A_plan_updates_in_the_product_behind_the_last_who_reads_the_kernel()
    {
        const int M = 9, N = 6, K = 4;
        using var rig = new SimdRig(threads: 2);
        var (x, dy) = (rig.Floats(SimdRig.Random(K * M, 1)), rig.Floats(SimdRig.Random(K * N, 2)));
        var (w, dx) = (rig.Floats(SimdRig.Random(M * N, 3)), rig.Output(K * M));
        float[] before = rig.Read(w, M * N);
        Step(rig.Engine);
        float[][] expected = [rig.Read(w, M * N), rig.Read(dx, K * M)];
        rig.Engine.Upload<float>(w, before);

        using var recorder = new CallRecorder(rig.Engine);
        Step(recorder);
        using var plan = recorder.ToPlan();
        Assert.Equal(2, plan.Calls.Count);
        Assert.IsType<MatMulUpdateCall>(plan.Calls[1]);
        plan.Run();
        Assert.Equal(expected, [rig.Read(w, M * N), rig.Read(dx, K * M)]);

        void Step(IBackend to)
        {
            using var dw = to.Pool.Rent(M * N * sizeof(float));
            to.MatMul(dw, x, dy, null, new MatMulGeometry(M, N, K, TransposeA: true), Activation.None);
            to.MatMul(dx, dy, w, null, new MatMulGeometry(K, M, N, TransposeB: true), Activation.None);
            to.SgdUpdate(w, dw, null, Rate, 0, false, M * N);
        }
    }

    [Theory]
    [InlineData("as it is")]
    [InlineData("read")]
    [InlineData("result")]
    [InlineData("momentum")]
    [InlineData("biased")]
    [InlineData("operand changed")]
    public void A_gradient_that_is_wanted_and_an_update_that_is_more_stay_apart(string what)
    {
        const int M = 9, N = 6, K = 4;
        using var rig = new SimdRig();
        var (x, dy) = (rig.Floats(SimdRig.Random(K * M, 1)), rig.Floats(SimdRig.Random(K * N, 2)));
        var (w, v, other) = (rig.Floats(SimdRig.Random(M * N, 3)), rig.Floats(SimdRig.Random(M * N, 4)), rig.Output(M * N));
        using var recorder = new CallRecorder(rig.Engine);
        var dw = recorder.Pool.Rent(M * N * sizeof(float));
        recorder.MatMul(
            dw, x, dy, what == "biased" ? v : null, new MatMulGeometry(M, N, K, TransposeA: true), Activation.None);
        if (what == "read")
        {
            recorder.Copy(other, dw, M * N * sizeof(float));
        }

        if (what == "operand changed")
        {
            recorder.Fill(x, 0, K * M);
        }

        recorder.SgdUpdate(w, dw, what == "momentum" ? v : null, Rate, what == "momentum" ? 0.9f : 0, false, M * N);
        var calls = recorder.Calls.ToList();
        PlanRewrites.UpdateInProducts(calls, rig.Engine, what == "result" ? dw : null);
        Assert.Equal(what == "as it is" ? 1 : 0, calls.OfType<MatMulUpdateCall>().Count());
    }

    private static DeviceBuffer Upload(SimdBackend engine, int count, int seed)
    {
        var buffer = engine.Pool.Rent(count * sizeof(float));
        engine.Upload<float>(buffer, SimdRig.Random(count, seed));
        return buffer;
    }

    private static float[] Read(SimdBackend engine, DeviceBuffer buffer, int count)
    {
        var values = new float[count];
        engine.Download<float>(values, buffer);
        return values;
    }
}
