using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Kernels.Ilgpu;

/// <content>The operations: each unwraps its buffers and passes on to its family of kernels.</content>
public sealed partial class IlgpuBackend
{
    // ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) where TFormula : struct, IUnaryFormula =>
        _elementwise.Unary<TFormula>(Of(y), Of(x), count);

    /// <inheritdoc/>
    public void UnaryGradient<TFormula>(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count)
        where TFormula : struct, IUnaryFormula =>
        _elementwise.UnaryGradient<TFormula>(Of(dx), Of(dy), Of(x), Of(y), count);

    /// <inheritdoc/>
    public void Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula => _elementwise.Binary<TFormula>(Of(y), Of(a), Of(b), geometry);

    /// <inheritdoc/>
    public void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count) =>
        _elementwise.Affine(Of(y), Of(x), scale, shift, count);

    // ── Reductions ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale) =>
        _reduce.Sum(Of(y).Floats, Of(x).Floats, geometry, scale);

    /// <inheritdoc/>
    public void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        _reduce.Max(Of(y).Floats, Of(x).Floats, geometry);

    /// <inheritdoc/>
    public void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        _reduce.ArgMax(Of(y), Of(x), geometry);

    // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MatMul(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias,
        MatMulGeometry geometry, Activation activation) =>
        _matMul.MatMul(Of(c), Of(a), Of(b), OfOrNull(bias), geometry, activation);

    /// <inheritdoc/>
    public void Conv2D(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias,
        Conv2DGeometry geometry, Activation activation) =>
        Convolutions.Forward(Of(y), Of(x), Of(filter), OfOrNull(bias), geometry, activation);

    /// <inheritdoc/>
    public void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry) =>
        Convolutions.InputGradient(Of(dx), Of(dy), Of(filter), geometry);

    /// <inheritdoc/>
    public void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry) =>
        Convolutions.FilterGradient(Of(dfilter), Of(x), Of(dy), geometry);

    /// <inheritdoc/>
    public void ReluBiasGradient(
        DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        _reduce.ReluBiasGradient(Of(dz), Of(dbias), Of(dy), Of(y), rows, columns);

    // ── Pooling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry) =>
        _maxPool2D.Forward(Of(y), OfOrNull(argmax), Of(x), geometry);

    /// <inheritdoc/>
    public void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry) =>
        _maxPool2D.Gradient(Of(dx), Of(dy), Of(argmax), geometry);

    // ── Softmax and loss ─────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns) =>
        _softmax.Softmax(Of(y), Of(x), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        _softmax.SoftmaxGradient(Of(dx), Of(dy), Of(y), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropy(
        DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        _loss.Forward(Of(losses), Of(logits), Of(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        _loss.Gradient(Of(dlogits), Of(upstream), Of(logits), Of(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void AccumulateMetrics(
        DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) =>
        _loss.AccumulateMetrics(Of(metrics), Of(losses), Of(scores), Of(targets), kind, rows, columns);

    // ── Randomness, updates, data ────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns) =>
        _dropout.Dropout(Of(y), Of(x), mask, _clock.At(mask.Clock), rows, columns);

    /// <inheritdoc/>
    public void SgdUpdate(
        DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity,
        float rate, float momentum, bool nesterov, int count) =>
        _update.Sgd([new(parameter, gradient, velocity, count)], [], rate, momentum, nesterov, _clock.View, false);

    /// <inheritdoc/>
    public void SgdUpdateAll(ReadOnlySpan<ParameterUpdate> updates, float rate, float momentum, bool nesterov) =>
        _update.Sgd(updates, [], rate, momentum, nesterov, _clock.View, false);

    /// <inheritdoc/>
    public void Gather(
        DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock) =>
        _gather.Gather(Of(y), Of(source), Of(indices), geometry, _clock.At(clock));

    private static IlgpuBuffer Of(DeviceBuffer buffer) => (IlgpuBuffer)buffer;

    private static IlgpuBuffer? OfOrNull(DeviceBuffer? buffer) => (IlgpuBuffer?)buffer;
}
