using System.Runtime.InteropServices;
using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;

namespace NanoNet.Core.Metrics;

/// <summary>
/// Loss and accuracy summed on the device over many batches and read when someone asks: no step waits for them.
/// </summary>
internal sealed class MetricAccumulator : IDisposable
{
    private static readonly int s_words = Marshal.SizeOf<MetricTotals>() / sizeof(float);
    private readonly Tensor _totals;

    public MetricAccumulator(Device device)
    {
        _totals = TensorScope.Outside(() => Tensor.Zeros(device, new Shape(s_words)));
    }

    public void Reset() => _totals.Backend.Fill(_totals.Buffer, 0, _totals.Count);

    /// <summary>Adds a batch: its losses [rows], its scores [rows, classes], its targets.</summary>
    public void Add(Tensor losses, Tensor scores, Tensor targets, TargetKind kind) => _totals.Backend.AccumulateMetrics(
        _totals.Buffer, losses.Buffer, scores.Buffer, targets.Buffer, kind, scores.Shape[0], scores.Shape[1]);

    /// <summary>Waits for the device.</summary>
    public Evaluation Read()
    {
        var totals = default(MetricTotals);
        _totals.Backend.Download(MemoryMarshal.CreateSpan(ref totals, 1), _totals.Buffer);
        return new Evaluation(totals.Loss, totals.Accuracy);
    }

    public void Dispose() => _totals.Dispose();
}
