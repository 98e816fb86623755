using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;
using NanoNet.Tests.Kernels.Ilgpu;

namespace NanoNet.Tests.Golden;

/// <summary>
/// Another engine with TF32's accuracy: the operands of those products that a GPU makes on tensor cores are rounded
/// before, products and sums are the engine's own. It trains Model B in seconds, which emulated tensor cores do not.
/// </summary>
/// <param name="engine">Who computes; disposed with this.</param>
/// <param name="all">Whether thin and shallow products are rounded too, as where a plan is forced on every product.</param>
internal sealed class Tf32Backend(IBackend engine, bool all = false) : IBackend
{
    public DeviceInfo Device => engine.Device;

    public BufferPool Pool => engine.Pool;

    /// <summary>How many products had their operands rounded.</summary>
    public int Rounded { get; private set; }

    public void Dispose() => engine.Dispose();

    // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────

    public void MatMul(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias,
        MatMulGeometry geometry, Activation activation)
    {
        var (m, n, k, transposeA, transposeB) = geometry;
        Multiply(a, m * k, b, k * n, IsOnTensorCores(m, n, k, transposeA ? m : k, transposeB ? k : n),
            (left, right) => engine.MatMul(c, left, right, bias, geometry, activation));
    }

    public void Conv2D(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias,
        Conv2DGeometry geometry, Activation activation) =>
        Multiply(x, geometry.InputCount, filter, geometry.FilterCount,
            IsOnTensorCores(
                geometry.OutputPixels, geometry.Filters, geometry.PatchSize, geometry.Channels, geometry.Filters),
            (left, right) => engine.Conv2D(y, left, right, bias, geometry, activation));

    public void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry) =>
        Multiply(dy, geometry.OutputCount, filter, geometry.FilterCount,
            IsOnTensorCores(
                geometry.InputCount / geometry.Channels, geometry.Channels,
                geometry.PatchSize / geometry.Channels * geometry.Filters, geometry.Filters, geometry.Filters),
            (left, right) => engine.Conv2DInputGradient(dx, left, right, geometry));

    public void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry) =>
        Multiply(x, geometry.InputCount, dy, geometry.OutputCount,
            IsOnTensorCores(
                geometry.PatchSize, geometry.Filters, geometry.OutputPixels, geometry.Channels, geometry.Filters),
            (left, right) => engine.Conv2DFilterGradient(dfilter, left, right, geometry));

    // ── Passed on ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Upload<T>(DeviceBuffer output, ReadOnlySpan<T> input) where T : unmanaged =>
        engine.Upload(output, input);

    public void Download<T>(Span<T> output, DeviceBuffer input) where T : unmanaged => engine.Download(output, input);

    public void Copy(DeviceBuffer output, DeviceBuffer input, long byteCount) => engine.Copy(output, input, byteCount);

    public void Fill(DeviceBuffer output, float value, int count) => engine.Fill(output, value, count);

    public void Synchronize() => engine.Synchronize();

    void IBackend.Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) => engine.Unary<TFormula>(y, x, count);

    void IBackend.UnaryGradient<TFormula>(
        DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count) =>
        engine.UnaryGradient<TFormula>(dx, dy, x, y, count);

    void IBackend.Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry) =>
        engine.Binary<TFormula>(y, a, b, geometry);

    public void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count) =>
        engine.Affine(y, x, scale, shift, count);

    public void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale) =>
        engine.ReduceSum(y, x, geometry, scale);

    public void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) => engine.ReduceMax(y, x, geometry);

    public void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) => engine.ArgMax(y, x, geometry);

    public void ReluBiasGradient(
        DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        engine.ReluBiasGradient(dz, dbias, dy, y, rows, columns);

    public void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry) =>
        engine.MaxPool2D(y, argmax, x, geometry);

    public void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry) =>
        engine.MaxPool2DGradient(dx, dy, argmax, geometry);

    public void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns) => engine.Softmax(y, x, rows, columns);

    public void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        engine.SoftmaxGradient(dx, dy, y, rows, columns);

    public void SoftmaxCrossEntropy(
        DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        engine.SoftmaxCrossEntropy(losses, logits, targets, kind, rows, columns);

    public void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        engine.SoftmaxCrossEntropyGradient(dlogits, upstream, logits, targets, kind, rows, columns);

    public void AccumulateMetrics(
        DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        engine.AccumulateMetrics(metrics, losses, scores, targets, kind, rows, columns);

    public void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns) =>
        engine.Dropout(y, x, mask, rows, columns);

    public void SgdUpdate(
        DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity,
        float rate, float momentum, bool nesterov, int count) =>
        engine.SgdUpdate(parameter, gradient, velocity, rate, momentum, nesterov, count);

    public void Gather(
        DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock) =>
        engine.Gather(y, source, indices, geometry, clock);

    // ── Rounding ─────────────────────────────────────────────────────────────────────────────────────────────────────

    // As ProductKernels decides: by the result's size, and by how many neighbours of each operand lie side by side.
    private bool IsOnTensorCores(int rows, int columns, int depth, int runA, int runB) =>
        runA % 4 == 0 && runB % 4 == 0 && (all || TensorPlan.Takes(rows, columns, depth));

    private void Multiply(
        DeviceBuffer a, int countA, DeviceBuffer b, int countB, bool rounds, Action<DeviceBuffer, DeviceBuffer> product)
    {
        if (!rounds)
        {
            product(a, b);
            return;
        }

        Rounded++;
        var (left, right) = (RoundedCopy(a, countA), RoundedCopy(b, countB));
        product(left, right);
        Pool.Return(left);
        Pool.Return(right);
    }

    private DeviceBuffer RoundedCopy(DeviceBuffer source, int count)
    {
        float[] values = new float[count];
        engine.Download<float>(values, source);
        var copy = Pool.Rent(sizeof(float) * (long)count);
        engine.Upload<float>(copy, Array.ConvertAll(values, Tf32Numbers.Round));
        return copy;
    }
}
