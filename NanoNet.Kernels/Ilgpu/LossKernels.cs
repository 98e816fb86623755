using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;
using Totals = ILGPU.ArrayView<NanoNet.Kernels.MetricTotals>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Softmax and cross-entropy in one, its gradient, and the running totals of a training loop.</summary>
/// <remarks>
/// With m the first largest logit, log Σ_c exp(x_c) = x_m + log(1 + Σ_{c≠m} exp(x_c − x_m)): the largest term, exactly
/// 1, stays out of the sum, so that a loss of 1e-30 keeps its digits. The targets' buffer is seen as integers and as
/// floats, and <c>kind</c>, a <see cref="TargetKind"/>, says which of the two is meant.
/// </remarks>
internal sealed partial class LossKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Ints, Floats, int, int, int, Team>? _forward;
    private Action<
        AcceleratorStream, KernelConfig, Floats, Floats, Floats, Ints, Floats, int, int, int, Team>? _gradient;
    private Action<
        AcceleratorStream, KernelConfig, Totals, Floats, Floats, Ints, Floats, int, int, int, Team>? _metrics;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    // Rows past the last have no columns: their threads only meet the others at the barriers.

    internal static void ForwardKernel(
        Floats losses, Floats logits, Ints classes, Floats distributions, int kind, int rows, int columns, Team team)
    {
        var values = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var indices = SharedMemory.Allocate<int>(KernelQueue.LargestGroup);
        int first = team.Row * columns;
        int end = team.Row < rows ? columns : 0;

        int largest = FirstLargest(logits, first, end, team, values, indices);
        float max = end > 0 ? logits[first + largest] : 0;
        float others = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            others += c == largest ? 0 : MathF.Exp(logits[first + c] - max);
        }

        float log = LogOfOnePlus(team.Fold<Sum>(values, others));
        float loss = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            float target = Target(classes, distributions, kind, team.Row, columns, c);
            // A class of probability 0 adds nothing, even where its logit is −∞.
            loss += target == 0 ? 0 : target * (max - logits[first + c] + log);
        }

        loss = team.Fold<Sum>(values, loss);
        if (end > 0 && team.Lane == 0)
        {
            losses[team.Row] = loss;
        }
    }

    internal static void GradientKernel(
        Floats dlogits, Floats upstream, Floats logits, Ints classes, Floats distributions,
        int kind, int rows, int columns, Team team)
    {
        var shared = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int first = team.Row * columns;
        int end = team.Row < rows ? columns : 0;
        int target = kind == (int)TargetKind.ClassIndices && end > 0 ? classes[team.Row] : -1;

        float max = float.NegativeInfinity;
        float weight = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            max = Largest.Combine(max, logits[first + c]);
            weight += Target(classes, distributions, kind, team.Row, columns, c);
        }

        max = team.Fold<Largest>(shared, max);
        weight = team.Fold<Sum>(shared, weight);
        float others = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            others += c == target ? 0 : MathF.Exp(logits[first + c] - max);
        }

        others = team.Fold<Sum>(shared, others);
        float sum = target < 0 ? others : others + MathF.Exp(logits[first + target] - max);
        float scale = upstream[0] / rows;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            // p − 1 as −Σ others / Σ: where p is nearly 1, the difference itself would lose its digits.
            float probability = MathF.Exp(logits[first + c] - max) / sum;
            dlogits[first + c] = scale * (c == target
                ? -others / sum
                : kind == (int)TargetKind.ClassIndices
                    ? probability
                    : probability * weight - distributions[first + c]);
        }
    }

    /// <summary>
    /// One group adds a batch to the totals: each team takes every so many rows, then all sums are folded.
    /// </summary>
    internal static void MetricsKernel(
        Totals metrics, Floats losses, Floats scores, Ints classes, Floats distributions,
        int kind, int rows, int columns, Team team)
    {
        var values = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var lowValues = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var indices = SharedMemory.Allocate<int>(KernelQueue.LargestGroup);
        var totals = metrics[0];
        MetricTotals batch = default;
        for (int start = 0; start < rows; start += team.Count)
        {
            int row = start + team.Row;
            int end = row < rows ? columns : 0;
            int predicted = FirstLargest(scores, row * columns, end, team, values, indices);
            int target = kind == (int)TargetKind.ClassIndices
                ? (end > 0 ? classes[row] : -1)
                : FirstLargest(distributions, row * columns, end, team, values, indices);
            if (end > 0 && team.Lane == 0)
            {
                AddRow(ref batch, losses[row], predicted == target);
            }
        }

        AddBatch(metrics, totals, batch, rows, values, lowValues, indices);
    }

    private static void AddRow(ref MetricTotals batch, float loss, bool isCorrect)
    {
        AddExactly(ref batch.LossHigh, ref batch.LossLow, loss, 0);
        batch.Correct += isCorrect ? 1 : 0;
    }

    // Folds what the threads of a group have counted, in shared memory, and adds it to the totals.
    private static void AddBatch(
        Totals metrics, MetricTotals totals, MetricTotals batch, int rows,
        Floats values, Floats lowValues, Ints indices)
    {
        int thread = Group.IdxX;
        values[thread] = batch.LossHigh;
        lowValues[thread] = batch.LossLow;
        indices[thread] = batch.Correct;
        Group.Barrier();
        for (int reach = Group.DimX / 2; reach > 0; reach /= 2)
        {
            if (thread < reach)
            {
                float high = values[thread];
                float low = lowValues[thread];
                AddExactly(ref high, ref low, values[thread + reach], lowValues[thread + reach]);
                values[thread] = high;
                lowValues[thread] = low;
                indices[thread] += indices[thread + reach];
            }

            Group.Barrier();
        }

        if (thread == 0)
        {
            AddExactly(ref totals.LossHigh, ref totals.LossLow, values[0], lowValues[0]);
            totals.Correct += indices[0];
            totals.Rows += rows;
            metrics[0] = totals;
        }
    }

    private static float Target(Ints classes, Floats distributions, int kind, int row, int columns, int column) =>
        kind == (int)TargetKind.ClassIndices
            ? (classes[row] == column ? 1f : 0f)
            : distributions[row * columns + column];

    // The place of a row's first largest value; 0 where there is none.
    private static int FirstLargest(Floats x, int first, int end, Team team, Floats values, Ints indices)
    {
        float best = float.NegativeInfinity;
        int index = int.MaxValue;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            float value = x[first + c];
            if (Team.Beats(value, c, best, index))
            {
                best = value;
                index = c;
            }
        }

        index = team.FoldIndex(values, indices, best, index);
        return index == int.MaxValue ? 0 : index;
    }

    // log(1 + x) for x ≥ 0 with its full relative precision, also where x is tiny and a GPU's fast logarithm of 1 + x
    // is not precise: 2·artanh(x / (2 + x)) by its series, whose argument is at most a third.
    private static float LogOfOnePlus(float x)
    {
        if (x > 1)
        {
            return MathF.Log(1 + x);
        }

        float s = x / (2 + x);
        float q = s * s;
        float tail = q * (1f / 9 + q * (1f / 11 + q * (1f / 13 + q * (1f / 15))));
        tail = q * (1f / 3 + q * (1f / 5 + q * (1f / 7 + tail)));
        return 2 * (s + s * tail);
    }

    // Knuth's TwoSum: what rounding the sum loses is kept in the low part.
    private static void AddExactly(ref float high, ref float low, float addHigh, float addLow)
    {
        float sum = high + addHigh;
        float added = sum - high;
        low += (high - (sum - added)) + (addHigh - added) + addLow;
        high = sum;
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Forward(
        IlgpuBuffer losses, IlgpuBuffer logits, IlgpuBuffer targets, TargetKind kind, int rows, int columns)
    {
        var team = Team.ForColumns(columns, queue.TeamGroup);
        queue.Load(ref _forward, ForwardKernel)(queue.Stream, queue.Teams(team.Groups(rows)),
            losses.Floats, logits.Floats, targets.Ints, targets.Floats, (int)kind, rows, columns, team);
    }

    public void Gradient(
        IlgpuBuffer dlogits, IlgpuBuffer upstream, IlgpuBuffer logits, IlgpuBuffer targets,
        TargetKind kind, int rows, int columns)
    {
        var team = Team.ForColumns(columns, queue.TeamGroup);
        queue.Load(ref _gradient, GradientKernel)(queue.Stream, queue.Teams(team.Groups(rows)),
            dlogits.Floats, upstream.Floats, logits.Floats, targets.Ints, targets.Floats,
            (int)kind, rows, columns, team);
    }

    public void AccumulateMetrics(
        IlgpuBuffer metrics, IlgpuBuffer losses, IlgpuBuffer scores, IlgpuBuffer targets,
        TargetKind kind, int rows, int columns)
    {
        var team = Team.ForColumns(columns, queue.TeamGroup);
        queue.Load(ref _metrics, MetricsKernel)(queue.Stream, queue.Teams(1), metrics.Bytes.Cast<MetricTotals>(),
            losses.Floats, scores.Floats, targets.Ints, targets.Floats, (int)kind, rows, columns, team);
    }
}
