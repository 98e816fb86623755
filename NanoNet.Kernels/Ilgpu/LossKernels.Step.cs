using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;
using Totals = ILGPU.ArrayView<NanoNet.Kernels.MetricTotals>;

namespace NanoNet.Kernels.Ilgpu;

/// <content>
/// Losses, totals and gradient in one launch, for a batch that one group is quick enough for. A thread takes a whole
/// row for the sums: with few classes that is quicker than to share it. The gradient, once the sums are known, is all
/// threads' work.
/// </content>
internal sealed partial class LossKernels
{
    // A thread goes through a row twice, at some ten cycles a class: for ten classes a microsecond, where the two
    // launches saved are four.
    private const int MostClassesTogether = 32;
    private const int MostRowsTogether = 4 * KernelQueue.LargestGroup;

    private Action<
        AcceleratorStream, KernelConfig, Totals, Floats, int, Floats, Floats, Ints, Floats, int, int, int, FastDivisor>?
        _step;

    // ── Kernel ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// What the three kernels for loss, metrics and gradient do; the gradient only where it is wanted.
    /// </summary>
    internal static void StepKernel(
        Totals metrics, Floats dlogits, int wantsGradient, Floats upstream, Floats logits, Ints classes,
        Floats distributions, int kind, int rows, int columns, FastDivisor divideByColumns)
    {
        var values = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var lowValues = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var indices = SharedMemory.Allocate<int>(KernelQueue.LargestGroup);
        var sums = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int thread = Group.IdxX;
        bool isClass = kind == (int)TargetKind.ClassIndices;
        // Read now, so that nobody waits for it in the end.
        var totals = metrics[0];
        MetricTotals batch = default;
        for (int start = 0; start < rows; start += Group.DimX)
        {
            int row = start + thread;
            float outer = wantsGradient != 0 ? upstream[0] : 0;
            if (row < rows)
            {
                var axis = new Axis(row * columns, 1, columns);
                int target = isClass ? classes[row] : -1;
                var (predicted, max) = FirstLargest(logits, axis, columns);
                int label = isClass ? target : FirstLargest(distributions, axis, columns).Index;
                float targetLogit = isClass ? logits[axis.Place(target)] : 0;

                // Without the largest term for the loss, without the target's for the gradient: see the kernels of
                // each.
                float others = 0;
                float othersThanTarget = 0;
                for (int c = 0; c < columns; c += axis.Block)
                {
                    var terms = Terms(logits, axis, c, max);
                    others = terms.Without(predicted - c).Fold<Sum>(others);
                    othersThanTarget = terms.Without(target - c).Fold<Sum>(othersThanTarget);
                }

                float log = LogOfOnePlus(others);
                float loss = isClass ? max - targetLogit + log : 0;
                float weight = 0;
                for (int c = isClass ? columns : 0; c < columns; c++)
                {
                    float share = distributions[axis.Place(c)];
                    loss += share == 0 ? 0 : share * (max - logits[axis.Place(c)] + log);
                    weight += share;
                }

                AddRow(ref batch, loss, predicted == label);
                values[thread] = max;
                lowValues[thread] = isClass ? othersThanTarget : weight;
                sums[thread] = isClass ? othersThanTarget + MathF.Exp(targetLogit - max) : othersThanTarget;
            }

            Group.Barrier();
            float scale = outer / rows;
            int end = Math.Min(rows, start + Group.DimX) * columns * wantsGradient;
            for (int i = start * columns + thread; i < end; i += Group.DimX)
            {
                row = divideByColumns.Divide(i);
                float sum = sums[row - start];
                float probability = MathF.Exp(logits[i] - values[row - start]) / sum;
                float othersOrWeight = lowValues[row - start];
                dlogits[i] = scale * (!isClass
                    ? probability * othersOrWeight - distributions[i]
                    : i - row * columns == classes[row] ? -othersOrWeight / sum : probability);
            }

            Group.Barrier();
        }

        AddBatch(metrics, totals, batch, rows, values, lowValues, indices);
    }

    private static (int Index, float Value) FirstLargest(Floats x, Axis axis, int columns)
    {
        int index = 0;
        float best = float.NaN;
        for (int c = 0; c < columns; c += axis.Block)
        {
            // What is not a number beats nothing: so nothing past the end does.
            var block = axis.Load(x, c, float.NaN);
            TakeLarger(ref best, ref index, block.V0, c);
            TakeLarger(ref best, ref index, block.V1, c + 1);
            TakeLarger(ref best, ref index, block.V2, c + 2);
            TakeLarger(ref best, ref index, block.V3, c + 3);
            TakeLarger(ref best, ref index, block.V4, c + 4);
            TakeLarger(ref best, ref index, block.V5, c + 5);
            TakeLarger(ref best, ref index, block.V6, c + 6);
            TakeLarger(ref best, ref index, block.V7, c + 7);
        }

        return (index, best);
    }

    private static void TakeLarger(ref float best, ref int index, float value, int c)
    {
        // Whatever is a number beats what is none.
        bool isLarger = value > best | (float.IsNaN(best) & !float.IsNaN(value));
        best = isLarger ? value : best;
        index = isLarger ? c : index;
    }

    // exp(x − max) of eight classes, 0 past the last.
    private static Eight Terms(Floats logits, Axis axis, int c, float max)
    {
        var x = axis.Load(logits, c, float.NegativeInfinity);
        return new(
            MathF.Exp(x.V0 - max), MathF.Exp(x.V1 - max), MathF.Exp(x.V2 - max), MathF.Exp(x.V3 - max),
            MathF.Exp(x.V4 - max), MathF.Exp(x.V5 - max), MathF.Exp(x.V6 - max), MathF.Exp(x.V7 - max));
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
            targets.Ints, targets.Floats, (int)kind, rows, columns, new FastDivisor(columns));
}
