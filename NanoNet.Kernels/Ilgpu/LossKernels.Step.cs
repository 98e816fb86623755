using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;
using Totals = ILGPU.ArrayView<NanoNet.Kernels.MetricTotals>;

namespace NanoNet.Kernels.Ilgpu;

/// <content>
/// Losses, totals and gradient in one launch, for a batch that one group is quick enough for. A thread takes a whole
/// row: with few classes that is quicker than to share it, and nobody waits for anybody until the totals are summed.
/// </content>
internal sealed partial class LossKernels
{
    // A thread goes through a row three times, at some ten cycles a class: for ten classes a microsecond, where the two
    // launches saved are four.
    private const int MostClassesTogether = 32;
    private const int MostRowsTogether = 4 * KernelQueue.LargestGroup;

    private Action<
        AcceleratorStream, KernelConfig, Totals, Floats, int, Floats, Floats, Ints, Floats, int, int, int>? _step;

    // ── Kernel ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// What the three kernels for loss, metrics and gradient do; the gradient only where it is wanted.
    /// </summary>
    internal static void StepKernel(
        Totals metrics, Floats dlogits, int wantsGradient, Floats upstream, Floats logits, Ints classes,
        Floats distributions, int kind, int rows, int columns)
    {
        var values = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var lowValues = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var indices = SharedMemory.Allocate<int>(KernelQueue.LargestGroup);
        float scale = wantsGradient != 0 ? upstream[0] / rows : 0;
        MetricTotals batch = default;
        for (int row = Group.IdxX; row < rows; row += Group.DimX)
        {
            int first = row * columns;
            int predicted = FirstLargest(logits, first, columns);
            int label = kind == (int)TargetKind.ClassIndices
                ? classes[row]
                : FirstLargest(distributions, first, columns);

            // Without the largest term for the loss, without the target's for the gradient: see the kernels of each.
            float max = logits[first + predicted];
            int target = kind == (int)TargetKind.ClassIndices ? label : -1;
            float others = 0;
            float othersThanTarget = 0;
            for (int c = 0; c < columns; c++)
            {
                float term = MathF.Exp(logits[first + c] - max);
                others += c == predicted ? 0 : term;
                othersThanTarget += c == target ? 0 : term;
            }

            float log = LogOfOnePlus(others);
            float sum = target < 0 ? othersThanTarget : othersThanTarget + MathF.Exp(logits[first + target] - max);
            float loss = 0;
            float weight = 0;
            for (int c = 0; c < columns; c++)
            {
                float share = Target(classes, distributions, kind, row, columns, c);
                loss += share == 0 ? 0 : share * (max - logits[first + c] + log);
                weight += share;
            }

            for (int c = 0; c < columns * wantsGradient; c++)
            {
                float probability = MathF.Exp(logits[first + c] - max) / sum;
                dlogits[first + c] = scale * (c == target
                    ? -othersThanTarget / sum
                    : kind == (int)TargetKind.ClassIndices
                        ? probability
                        : probability * weight - distributions[first + c]);
            }

            AddRow(ref batch, loss, predicted == label);
        }

        AddBatch(metrics, batch, rows, values, lowValues, indices);
    }

    private static int FirstLargest(Floats x, int first, int columns)
    {
        int index = 0;
        float best = x[first];
        for (int c = 1; c < columns; c++)
        {
            float value = x[first + c];
            // Whatever is a number beats what is none.
            if (value > best || (float.IsNaN(best) && !float.IsNaN(value)))
            {
                best = value;
                index = c;
            }
        }

        return index;
    }

    // ── Launcher ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>Whether one launch for all three is better than three.</summary>
    public static bool IsBetterTogether(int rows, int columns) =>
        rows <= MostRowsTogether && columns <= MostClassesTogether;

    /// <summary>All three; the gradient only where there is room for it.</summary>
    public void Step(
        IlgpuBuffer metrics, IlgpuBuffer? dlogits, IlgpuBuffer? upstream, IlgpuBuffer logits, IlgpuBuffer targets,
        TargetKind kind, int rows, int columns) =>
        queue.Load(ref _step, StepKernel)(queue.Stream, queue.Teams(1), metrics.Bytes.Cast<MetricTotals>(),
            (dlogits ?? logits).Floats, dlogits is null ? 0 : 1, (upstream ?? logits).Floats, logits.Floats,
            targets.Ints, targets.Floats, (int)kind, rows, columns);
}
