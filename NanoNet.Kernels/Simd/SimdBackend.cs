using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The managed engine: plain C#, vectorised, on this CPU's cores. Each family of operations is a file of its own; this
/// class only unwraps buffers and passes on.
/// </summary>
public sealed unsafe partial class SimdBackend : IBackend
{
    private readonly WorkerTeam _team;

    // The collector does not see that a pointer is in use: a buffer whose owner has gone could be freed under a running
    // call. So the operands of the last calls stay referenced here; no call has more.
    private readonly SimdBuffer[] _operands = new SimdBuffer[8];
    private uint _operandCount;

    /// <summary>Starts the engine.</summary>
    /// <param name="threads">Worker threads, the caller included; 0 for one a core.</param>
    /// <param name="exact">
    /// Convolve term by term. Otherwise 3x3 convolutions use Winograd's method where it pays: faster, with larger rounding errors, below
    /// 5e-6 of the result in relative norm.
    /// </param>
    public SimdBackend(int threads = 0, bool exact = false)
        : this(threads, exact, VectorWidths.Best)
    {
    }

    /// <summary>
    /// Starts the engine with products of a given vector width: how tests reach every path on any machine.
    /// </summary>
    internal SimdBackend(int threads, bool exact, VectorWidth width)
    {
        _team = new WorkerTeam(threads);
        _scratch = new Scratch(_team.Threads);
        _products = SimdProducts.For(width, _team, _scratch, exact);
        string count = _team.Threads == 1 ? "1 thread" : $"{_team.Threads} threads";
        Device = new DeviceInfo(DeviceKind.Cpu, CpuDescription.Name(), $"{CpuDescription.Vectors()}, {count}");
        Pool = new BufferPool(bytes => SimdBuffer.Allocate(bytes, Device));
    }

    /// <inheritdoc/>
    public DeviceInfo Device { get; }

    /// <inheritdoc/>
    public BufferPool Pool { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _scratch.Dispose();
        Pool.Dispose();
    }

    private byte* Bytes(DeviceBuffer buffer)
    {
        var operand = (SimdBuffer)buffer;
        _operands[_operandCount++ % _operands.Length] = operand;
        return operand.Pointer;
    }

    private float* Floats(DeviceBuffer buffer) => (float*)Bytes(buffer);

    private float* FloatsOrNull(DeviceBuffer? buffer) => buffer is null ? null : Floats(buffer);

    private int* Ints(DeviceBuffer buffer) => (int*)Bytes(buffer);

    /// <inheritdoc/>
    public void Upload<T>(DeviceBuffer output, ReadOnlySpan<T> input) where T : unmanaged =>
        input.CopyTo(new Span<T>(Bytes(output), input.Length));

    /// <inheritdoc/>
    public void Download<T>(Span<T> output, DeviceBuffer input) where T : unmanaged =>
        new ReadOnlySpan<T>(Bytes(input), output.Length).CopyTo(output);

    /// <inheritdoc/>
    public void Copy(DeviceBuffer output, DeviceBuffer input, long byteCount) =>
        SimdElementwise.Copy(_team, Floats(output), Floats(input), checked((int)(byteCount / sizeof(float))));

    /// <inheritdoc/>
    public void Fill(DeviceBuffer output, float value, int count) =>
        SimdElementwise.Fill(_team, Floats(output), value, count);

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Every call of this engine has finished when it returns.
    }

    /// <inheritdoc/>
    public void Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) where TFormula : struct, IUnaryFormula =>
        SimdElementwise.Unary<TFormula>(_team, Floats(y), Floats(x), count);

    /// <inheritdoc/>
    public void UnaryGradient<TFormula>(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count)
        where TFormula : struct, IUnaryFormula =>
        SimdElementwise.UnaryGradient<TFormula>(_team, Floats(dx), Floats(dy), Floats(x), Floats(y), count);

    /// <inheritdoc/>
    public void Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula =>
        SimdBroadcast.Binary<TFormula>(_team, Floats(y), Floats(a), Floats(b), geometry);

    /// <inheritdoc/>
    public void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count) =>
        SimdElementwise.Affine(_team, Floats(y), Floats(x), scale, shift, count);

    /// <inheritdoc/>
    public void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale) =>
        SimdReduce.Sum(_team, Pool, Floats(y), Floats(x), geometry, scale);

    /// <inheritdoc/>
    public void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        SimdReduce.Max(_team, Pool, Floats(y), Floats(x), geometry);

    /// <inheritdoc/>
    public void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        SimdArgMax.Run(_team, Ints(y), Floats(x), geometry);

    /// <inheritdoc/>
    public void ReluBiasGradient(
        DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        SimdReluBiasGradient.Run(_team, Pool, Floats(dz), Floats(dbias), Floats(dy), Floats(y), rows, columns);

    /// <inheritdoc/>
    public void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry) =>
        SimdMaxPool2D.Forward(_team, Floats(y), (int*)FloatsOrNull(argmax), Floats(x), geometry);

    /// <inheritdoc/>
    public void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry) =>
        SimdMaxPool2D.Gradient(_team, Floats(dx), Floats(dy), Ints(argmax), geometry);

    /// <inheritdoc/>
    public void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns) =>
        SimdSoftmax.Forward(_team, Floats(y), Floats(x), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        SimdSoftmax.Gradient(_team, Floats(dx), Floats(dy), Floats(y), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropy(
        DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        SimdLoss.Forward(_team, Floats(losses), Floats(logits), Bytes(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits,
        DeviceBuffer upstream,
        DeviceBuffer logits,
        DeviceBuffer targets,
        TargetKind kind,
        int rows,
        int columns) =>
        SimdLoss.Gradient(
            _team, Floats(dlogits), *Floats(upstream), Floats(logits), Bytes(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void AccumulateMetrics(
        DeviceBuffer metrics,
        DeviceBuffer losses,
        DeviceBuffer scores,
        DeviceBuffer targets,
        TargetKind kind,
        int rows,
        int columns) =>
        SimdLoss.Accumulate(
            (MetricTotals*)Bytes(metrics), Floats(losses), Floats(scores), Bytes(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns) =>
        SimdDropout.Run(_team, Floats(y), Floats(x), mask, rows, columns);

    /// <inheritdoc/>
    public void SgdUpdate(
        DeviceBuffer parameter,
        DeviceBuffer gradient,
        DeviceBuffer? velocity,
        float rate,
        float momentum,
        bool nesterov,
        int count) =>
        SimdUpdate.Sgd(
            _team, Floats(parameter), Floats(gradient), FloatsOrNull(velocity), rate, momentum, nesterov, count);

    /// <inheritdoc/>
    public void Gather(
        DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock) =>
        SimdGather.Run(_team, Bytes(y), Bytes(source), Ints(indices) + clock.Start, geometry);
}
