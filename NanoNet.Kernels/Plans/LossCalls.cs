using NanoNet.Kernels.Memory;
using static NanoNet.Kernels.Plans.PlannedBuffer;

namespace NanoNet.Kernels.Plans;

// The calls about a loss, which an engine may have one for.

/// <summary><see cref="IBackend.SoftmaxCrossEntropy"/>.</summary>
internal sealed class LossCall(
    DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns)
    : PlannedCall(
        [losses], [logits, targets],
        to => to.SoftmaxCrossEntropy(Of(losses), Of(logits), Of(targets), kind, rows, columns))
{
    public DeviceBuffer Losses { get; } = losses;

    /// <summary>What is compared, and how: the same in calls that belong together.</summary>
    public LossOperands Operands { get; } = new(logits, targets, kind, rows, columns);
}

/// <summary><see cref="IBackend.SoftmaxCrossEntropyGradient"/>.</summary>
internal sealed class LossGradientCall(
    DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets,
    TargetKind kind, int rows, int columns)
    : PlannedCall(
        [dlogits], [upstream, logits, targets],
        to => to.SoftmaxCrossEntropyGradient(
            Of(dlogits), Of(upstream), Of(logits), Of(targets), kind, rows, columns))
{
    public DeviceBuffer Dlogits { get; } = dlogits;

    public DeviceBuffer Upstream { get; } = upstream;

    /// <inheritdoc cref="LossCall.Operands"/>
    public LossOperands Operands { get; } = new(logits, targets, kind, rows, columns);
}

/// <summary><see cref="IBackend.AccumulateMetrics"/>.</summary>
internal sealed class MetricsCall(
    DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets,
    TargetKind kind, int rows, int columns)
    : PlannedCall(
        [metrics], [metrics, losses, scores, targets],
        to => to.AccumulateMetrics(Of(metrics), Of(losses), Of(scores), Of(targets), kind, rows, columns))
{
    public DeviceBuffer Metrics { get; } = metrics;

    public DeviceBuffer Losses { get; } = losses;

    /// <inheritdoc cref="LossCall.Operands"/>
    public LossOperands Operands { get; } = new(scores, targets, kind, rows, columns);
}

/// <summary><see cref="IFusesCalls.LossStep"/>.</summary>
internal sealed class LossStepCall(
    DeviceBuffer metrics, DeviceBuffer? dlogits, DeviceBuffer? upstream, LossOperands operands)
    : PlannedCall(
        [dlogits, metrics], [metrics, upstream, operands.Logits, operands.Targets],
        to => ((IFusesCalls)to).LossStep(
            Of(metrics), OfOrNull(dlogits), OfOrNull(upstream), Of(operands.Logits), Of(operands.Targets),
            operands.Kind, operands.Rows, operands.Columns));

/// <summary>What a loss compares.</summary>
internal readonly record struct LossOperands(
    DeviceBuffer Logits, DeviceBuffer Targets, TargetKind Kind, int Rows, int Columns);
