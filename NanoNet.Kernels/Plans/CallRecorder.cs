using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;
using static NanoNet.Kernels.Plans.PlannedBuffer;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// Stands in for a backend and writes down what it is asked to do. Nothing is done, and the buffers lent out are names
/// without memory: <see cref="ToPlan"/> makes a <see cref="StepPlan"/> of the list, which does it.
/// </summary>
/// <remarks>
/// Buffers of the backend itself may be used freely, but nothing can go from or to the host: a plan would repeat for
/// ever what the host said once.
/// </remarks>
/// <param name="backend">Who will do it.</param>
public sealed class CallRecorder(IBackend backend) : IBackend
{
    private readonly List<PlannedCall> _calls = [];

    /// <inheritdoc/>
    public DeviceInfo Device => backend.Device;

    /// <inheritdoc/>
    public BufferPool Pool { get; } = new(byteLength => new PlannedBuffer(byteLength, backend.Device));

    /// <summary>What was asked for, in order.</summary>
    internal IReadOnlyList<PlannedCall> Calls => _calls;

    /// <summary>Makes a plan of what was asked for so far, improved without changing its results.</summary>
    /// <param name="result">A buffer whose contents will be read after each run; null when there is none.</param>
    /// <param name="constants">Buffers of the backend that will not change while the plan is in use: weights, in prediction.</param>
    /// <returns>The plan; the caller owns it.</returns>
    public StepPlan ToPlan(DeviceBuffer? result = null, IReadOnlyCollection<DeviceBuffer>? constants = null) =>
        StepPlan.Create(backend, _calls, result, constants ?? []);

    /// <summary>Frees nothing: there is no memory yet.</summary>
    public void Dispose() => Pool.Dispose();

    // ── Device and memory ────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>Not possible.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public void Upload<T>(DeviceBuffer output, ReadOnlySpan<T> input) where T : unmanaged => throw NoHost("sets", "from");

    /// <summary>Not possible.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public void Download<T>(Span<T> output, DeviceBuffer input) where T : unmanaged => throw NoHost("reads", "to");

    /// <inheritdoc/>
    public void Copy(DeviceBuffer output, DeviceBuffer input, long byteCount) =>
        Add([output], [input], to => to.Copy(Of(output), Of(input), byteCount));

    /// <inheritdoc/>
    public void Fill(DeviceBuffer output, float value, int count) => _calls.Add(new FillCall(output, value, count));

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Nothing is under way.
    }

    // ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) where TFormula : struct, IUnaryFormula =>
        Add([y], [x], to => to.Unary<TFormula>(Of(y), Of(x), count), overwritable: x);

    /// <inheritdoc/>
    public void UnaryGradient<TFormula>(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count)
        where TFormula : struct, IUnaryFormula =>
        Add([dx], [dy, x, y], to => to.UnaryGradient<TFormula>(Of(dx), Of(dy), Of(x), Of(y), count), overwritable: dy);

    /// <inheritdoc/>
    public void Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula => Add(
            [y], [a, b], to => to.Binary<TFormula>(Of(y), Of(a), Of(b), geometry), geometry.IsElementwise ? a : null);

    /// <inheritdoc/>
    public void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count) =>
        _calls.Add(new AffineCall(y, x, scale, shift, count));

    // ── Reductions ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale) =>
        _calls.Add(new ReduceSumCall(y, x, geometry, scale));

    /// <inheritdoc/>
    public void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        Add([y], [x], to => to.ReduceMax(Of(y), Of(x), geometry));

    /// <inheritdoc/>
    public void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        Add([y], [x], to => to.ArgMax(Of(y), Of(x), geometry));

    // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MatMul(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias,
        MatMulGeometry geometry, Activation activation) =>
        _calls.Add(new MatMulCall(c, a, b, bias, geometry, activation));

    /// <inheritdoc/>
    public void Conv2D(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias,
        Conv2DGeometry geometry, Activation activation) =>
        _calls.Add(new Conv2DCall(y, x, filter, bias, geometry, activation));

    /// <inheritdoc/>
    public void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry) =>
        _calls.Add(new Conv2DInputGradientCall(dx, dy, filter, geometry));

    /// <inheritdoc/>
    public void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry) =>
        Add([dfilter], [x, dy], to => to.Conv2DFilterGradient(Of(dfilter), Of(x), Of(dy), geometry));

    /// <inheritdoc/>
    public void ReluBiasGradient(
        DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        _calls.Add(new ReluBiasGradientCall(dz, dbias, dy, y, rows, columns));

    // ── Pooling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry) =>
        _calls.Add(new MaxPool2DCall(y, argmax, x, geometry));

    /// <inheritdoc/>
    public void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry) =>
        _calls.Add(new MaxPool2DGradientCall(dx, dy, argmax, geometry));

    // ── Softmax and loss ─────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns) =>
        Add([y], [x], to => to.Softmax(Of(y), Of(x), rows, columns), overwritable: x);

    /// <inheritdoc/>
    public void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        Add([dx], [dy, y], to => to.SoftmaxGradient(Of(dx), Of(dy), Of(y), rows, columns), overwritable: dy);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropy(
        DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        _calls.Add(new LossCall(losses, logits, targets, kind, rows, columns));

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        _calls.Add(new LossGradientCall(dlogits, upstream, logits, targets, kind, rows, columns));

    /// <inheritdoc/>
    public void AccumulateMetrics(
        DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        _calls.Add(new MetricsCall(metrics, losses, scores, targets, kind, rows, columns));

    // ── Randomness, updates, data ────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns) =>
        _calls.Add(new DropoutCall(y, x, mask, rows, columns));

    /// <inheritdoc/>
    public void SgdUpdate(
        DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity,
        float rate, float momentum, bool nesterov, int count) =>
        _calls.Add(new SgdUpdateCall([new(parameter, gradient, velocity, count)], rate, momentum, nesterov));

    /// <inheritdoc/>
    public void Gather(
        DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock) =>
        _calls.Add(new GatherCall(y, source, indices, geometry, clock));

    private void Add(
        ReadOnlySpan<DeviceBuffer?> writes, ReadOnlySpan<DeviceBuffer?> reads, Action<IBackend> run,
        DeviceBuffer? overwritable = null, StepClock? clock = null) =>
        _calls.Add(new PlannedCall(writes, reads, run) { Overwritable = overwritable, Clock = clock });

    private static InvalidOperationException NoHost(string verb, string direction) => new(
        $"A layer or optimizer that lets its steps be recorded {verb} a tensor {direction} the host in the midst of a step. "
        + "It must not say CanReplay.");
}
