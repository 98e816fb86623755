using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Cross-entropy of a softmax, from logits [rows, columns], its gradient, and the running totals of an epoch.
/// </summary>
/// <remarks>
/// With m the first largest logit, log Σ_c exp(x_c) = x_m + log1p(Σ_{c≠m} exp(x_c − x_m)). The largest term, which is
/// exactly 1, is left out of the sum, so even a loss of 1e-30 keeps its digits. Sums and logarithms are in double:
/// losses are printed.
/// </remarks>
internal static unsafe class SimdLoss
{
    /// <summary>losses[r] = −Σ_c t[r, c] · log softmax(logits)[r, c].</summary>
    public static void Forward(
        WorkerTeam team, float* losses, float* logits, void* targets, TargetKind kind, int rows, int columns)
    {
        var job = new ForwardJob(losses, logits, targets, kind, columns);
        Chunks.Run(team, rows, SimdSoftmax.RowsPerChunk(columns), job);
    }

    /// <summary>dlogits[r, c] = upstream / rows · (softmax(logits)[r, c] · Σ_k t[r, k] − t[r, c]).</summary>
    public static void Gradient(
        WorkerTeam team,
        float* dlogits,
        float upstream,
        float* logits,
        void* targets,
        TargetKind kind,
        int rows,
        int columns)
    {
        var job = new GradientJob(dlogits, logits, targets, kind, columns, upstream / (double)rows);
        Chunks.Run(team, rows, SimdSoftmax.RowsPerChunk(columns), job);
    }

    /// <summary>Adds a batch to the totals, in the order of its rows.</summary>
    public static void Accumulate(
        MetricTotals* metrics, float* losses, float* scores, void* targets, TargetKind kind, int rows, int columns)
    {
        var totals = *metrics;
        for (nint row = 0; row < rows; row++)
        {
            AddLoss(ref totals, losses[row]);
            int target = kind == TargetKind.ClassIndices
                ? ((int*)targets)[row]
                : SimdRows.ArgMax((float*)targets + (row * columns), columns);
            if (SimdRows.ArgMax(scores + (row * columns), columns) == target)
            {
                totals.Correct++;
            }
        }

        totals.Rows += rows;
        *metrics = totals;
    }

    // Knuth's TwoSum: error is exactly what rounding the sum lost.
    private static void AddLoss(ref MetricTotals totals, float loss)
    {
        float sum = totals.LossHigh + loss;
        float added = sum - totals.LossHigh;
        float error = (totals.LossHigh - (sum - added)) + (loss - added);
        totals.LossHigh = sum;
        totals.LossLow += error;
    }

    private readonly struct ForwardJob(float* losses, float* logits, void* targets, TargetKind kind, int columns)
        : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (nint row = start; row < start + count; row++)
            {
                float* x = logits + (row * columns);
                int largest = SimdRows.ArgMax(x, columns);
                double logOfSum = Log1P(SumOfOthers(x, largest, columns));
                losses[row] = (float)(kind == TargetKind.ClassIndices
                    ? (double)x[largest] - x[((int*)targets)[row]] + logOfSum
                    : Distribution((float*)targets + (row * columns), x, x[largest], logOfSum));
            }
        }

        // A class of probability 0 adds nothing, even where the logit is −∞.
        private double Distribution(float* t, float* x, double max, double logOfSum)
        {
            double loss = 0;
            for (int c = 0; c < columns; c++)
            {
                if (t[c] != 0)
                {
                    loss += t[c] * (max - x[c] + logOfSum);
                }
            }

            return loss;
        }
    }

    // Σ_{c≠largest} exp(x_c − x_largest).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfOthers(float* x, int largest, int columns)
    {
        var shift = Vector256.Create(x[largest]);
        var sum = Vector256<double>.Zero;
        for (int c = 0; c < columns; c += FloatLanes.Count)
        {
            int lanes = Math.Min(FloatLanes.Count, columns - c);
            var exponential = VectorMath.Exp(FloatLanes.Load(x + c, lanes, float.NegativeInfinity) - shift);
            int own = largest - c;
            if ((uint)own < FloatLanes.Count)
            {
                exponential = exponential.WithElement(own, 0);
            }

            sum = FloatLanes.AddWide(sum, exponential);
        }

        return Vector256.Sum(sum);
    }

    // log(1 + x) with full relative precision: the rounding of 1 + x cancels in the quotient.
    private static double Log1P(double x)
    {
        double onePlus = 1 + x;
        return onePlus == 1 ? x : Math.Log(onePlus) * (x / (onePlus - 1));
    }

    private readonly struct GradientJob(
        float* dlogits, float* logits, void* targets, TargetKind kind, int columns, double upstream) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (nint row = start; row < start + count; row++)
            {
                nint offset = row * columns;
                float* d = dlogits + offset;
                float* x = logits + offset;
                double sum = SimdSoftmax.Exponentials(d, x, SimdRows.Max(x, columns), columns);
                if (kind == TargetKind.ClassIndices)
                {
                    SubtractOneHot(d, ((int*)targets)[row], sum);
                }
                else
                {
                    SubtractDistribution(d, (float*)targets + offset, sum);
                }
            }
        }

        // p − 1 = (e − Σ) / Σ in double: exact to float precision where p is nearly 1.
        private void SubtractOneHot(float* d, int target, double sum)
        {
            double factor = upstream / sum;
            float atTarget = (float)((d[target] - sum) * factor);
            SimdSoftmax.Multiply(d, (float)factor, columns);
            d[target] = atTarget;
        }

        private void SubtractDistribution(float* d, float* t, double sum) =>
            SubtractInDouble(d, t, SimdRows.Sum(t, columns) / sum, upstream, columns);
    }

    // d = upstream · (d · factor − t), in double for the same reason.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractInDouble(float* d, float* t, double factor, double upstream, int columns)
    {
        for (int c = 0; c < columns; c += FloatLanes.Count)
        {
            int lanes = Math.Min(FloatLanes.Count, columns - c);
            var (lowerD, upperD) = Vector256.Widen(FloatLanes.Load(d + c, lanes));
            var (lowerT, upperT) = Vector256.Widen(FloatLanes.Load(t + c, lanes));
            var lower = ((lowerD * factor) - lowerT) * upstream;
            var upper = ((upperD * factor) - upperT) * upstream;
            FloatLanes.Store(d + c, Vector256.Narrow(lower, upper), lanes);
        }
    }
}
