using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;

namespace NanoNet.Kernels.Ilgpu;

/// <content>What takes several calls of the contract, in one.</content>
public sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    bool IFusesCalls.FusesLoss(int rows, int columns) => LossKernels.IsBetterTogether(rows, columns);

    /// <inheritdoc/>
    void IFusesCalls.LossStep(
        DeviceBuffer metrics, DeviceBuffer? dlogits, DeviceBuffer? upstream, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns) => _loss.Step(
            Of(metrics), OfOrNull(dlogits), OfOrNull(upstream), Of(logits), Of(targets), kind, rows, columns);

    /// <inheritdoc/>
    void IFusesCalls.MatMulMasked(
        DeviceBuffer dz, DeviceBuffer a, DeviceBuffer b, DeviceBuffer y, float scale, MatMulGeometry geometry) =>
        _matMul.MatMul(Of(dz), Of(a), Of(b), null, geometry, Activation.None, Of(y), scale);

    /// <inheritdoc/>
    void IFusesCalls.Conv2DInputGradientMasked(
        DeviceBuffer dz, DeviceBuffer dy, DeviceBuffer filter, DeviceBuffer y, float scale, Conv2DGeometry geometry) =>
        Convolutions.InputGradient(Of(dz), Of(dy), Of(filter), geometry, Of(y), scale);

    /// <inheritdoc/>
    bool IFusesCalls.FusesGathers(GatherGeometry first, GatherGeometry second) =>
        GatherKernels.CanGatherTogether(first, second);

    /// <inheritdoc/>
    void IFusesCalls.GatherTogether(
        DeviceBuffer y, DeviceBuffer source, GatherGeometry geometry, DeviceBuffer otherY, DeviceBuffer otherSource,
        GatherGeometry otherGeometry, DeviceBuffer indices, StepClock clock) => _gather.GatherTogether(
            Of(y), Of(source), geometry, Of(otherY), Of(otherSource), otherGeometry, Of(indices), _clock.At(clock));

    /// <inheritdoc/>
    int IFusesCalls.RowsForUpdate(int rows, int columns) => _reduce.RowsForUpdate(rows, columns);

    /// <inheritdoc/>
    void IFusesCalls.SumRowsPartly(DeviceBuffer y, DeviceBuffer x, int rows, int columns) =>
        _reduce.SumRowsPartly(Of(y).Floats, Of(x).Floats, rows, columns);

    /// <inheritdoc/>
    void IFusesCalls.SgdUpdateAll(
        ReadOnlySpan<ParameterUpdate> updates, ReadOnlySpan<int> gradientRows,
        float rate, float momentum, bool nesterov, bool movesClock) =>
        _update.Sgd(updates, gradientRows, rate, momentum, nesterov, _clock.View, movesClock);
}
