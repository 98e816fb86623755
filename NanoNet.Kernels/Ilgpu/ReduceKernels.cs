using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Geometry;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Reductions of the middle axis of [outer, count, inner]. A team of threads folds each result.</summary>
internal sealed class ReduceKernels(KernelQueue queue)
{
    // One thread sums them, sixteen reads at a time: two microseconds, which is what a launch takes.
    private const int MostRowsForUpdate = 64;

    private Action<AcceleratorStream, KernelConfig, Floats, Floats, FoldPlan, float>? _sum;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, FoldPlan, float>? _max;
    private Action<AcceleratorStream, KernelConfig, Ints, Floats, FoldPlan>? _argMax;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, FoldPlan>? _reluBias;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void FoldKernel<TFold>(Floats y, Floats x, FoldPlan plan, float scale) where TFold : struct, IFold
    {
        var shared = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int result = plan.Team.Row;
        float value = TFold.Identity;
        if (result < plan.Results)
        {
            var (start, end, first) = plan.Part(result);
            var axis = new Axis(first, plan.Geometry.Inner, end, plan.Team.Lanes);
            value = axis.Fold<TFold>(x, start + plan.Team.Lane, value);
        }

        value = plan.Team.Fold<TFold>(shared, value);
        if (result < plan.Results && plan.Team.Lane == 0)
        {
            y[result] = value * scale;
        }
    }

    internal static void ArgMaxKernel(Ints y, Floats x, FoldPlan plan)
    {
        var values = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        var indices = SharedMemory.Allocate<int>(KernelQueue.LargestGroup);
        int result = plan.Team.Row;
        float best = float.NegativeInfinity;
        int index = int.MaxValue;
        if (result < plan.Results)
        {
            var (start, end, first) = plan.Part(result);
            for (int c = start + plan.Team.Lane; c < end; c += plan.Team.Lanes)
            {
                float value = x[first + c * plan.Geometry.Inner];
                if (Team.Beats(value, c, best, index))
                {
                    best = value;
                    index = c;
                }
            }
        }

        index = plan.Team.FoldIndex(values, indices, best, index);
        if (result < plan.Results && plan.Team.Lane == 0)
        {
            // Only where nothing is a number has nothing been found.
            y[result] = index == int.MaxValue ? 0 : index;
        }
    }

    /// <summary>
    /// dz = dy where y is positive, and what <see cref="FoldKernel{TFold}"/> makes of dz: one pass over memory does
    /// both.
    /// </summary>
    internal static void ReluBiasKernel(Floats dz, Floats dbias, Floats dy, Floats y, FoldPlan plan)
    {
        var shared = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int result = plan.Team.Row;
        float sum = 0;
        if (result < plan.Results)
        {
            var (start, end, first) = plan.Part(result);
            var axis = new Axis(first, plan.Geometry.Inner, end, plan.Team.Lanes);
            for (int c = start + plan.Team.Lane; c < end; c += axis.Block)
            {
                var gradient = axis.Load(dy, c, 0).WherePositive(axis.Load(y, c, 0));
                axis.Store(dz, c, gradient);
                sum = gradient.Fold<Sum>(sum);
            }
        }

        sum = plan.Team.Fold<Sum>(shared, sum);
        if (result < plan.Results && plan.Team.Lane == 0)
        {
            dbias[result] = sum;
        }
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Sum(Floats y, Floats x, ReduceGeometry geometry, float scale) =>
        Fold(queue.Load(ref _sum, FoldKernel<Sum>), y, x, geometry, scale);

    public void Max(Floats y, Floats x, ReduceGeometry geometry) =>
        Fold(queue.Load(ref _max, FoldKernel<Largest>), y, x, geometry, 1);

    public void ArgMax(IlgpuBuffer y, IlgpuBuffer x, ReduceGeometry geometry)
    {
        var plan = FoldPlan.Create(geometry, queue.TeamGroup, inOnePass: true);
        queue.Load(ref _argMax, ArgMaxKernel)(queue.Stream, queue.Teams(plan.Groups), y.Ints, x.Floats, plan);
    }

    public void ReluBiasGradient(
        IlgpuBuffer dz, IlgpuBuffer dbias, IlgpuBuffer dy, IlgpuBuffer y, int rows, int columns)
    {
        var plan = FoldPlan.Create(new ReduceGeometry(1, rows, columns), queue.TeamGroup);
        var kernel = queue.Load(ref _reluBias, ReluBiasKernel);
        var config = queue.Teams(plan.Groups);
        if (plan.Chunks == 1)
        {
            kernel(queue.Stream, config, dz.Floats, dbias.Floats, dy.Floats, y.Floats, plan);
            return;
        }

        using var partial = queue.RentFloats(plan.Results);
        kernel(queue.Stream, config, dz.Floats, partial.Floats, dy.Floats, y.Floats, plan);
        Sum(dbias.Floats, partial.Floats, plan.Rest, 1);
    }

    /// <summary>
    /// How many rows of a sum of rows the kernel that reads it should be left; 1 where it should not sum.
    /// </summary>
    public int RowsForUpdate(int rows, int columns)
    {
        int left = rows <= MostRowsForUpdate
            ? rows
            : FoldPlan.Create(new ReduceGeometry(1, rows, columns), queue.TeamGroup).Chunks;
        return left <= MostRowsForUpdate ? left : 1;
    }

    /// <summary>The first pass of a sum of many rows: as many rows are left.</summary>
    public void SumRowsPartly(Floats y, Floats x, int rows, int columns)
    {
        var plan = FoldPlan.Create(new ReduceGeometry(1, rows, columns), queue.TeamGroup);
        queue.Load(ref _sum, FoldKernel<Sum>)(queue.Stream, queue.Teams(plan.Groups), y, x, plan, 1);
    }

    private void Fold(
        Action<AcceleratorStream, KernelConfig, Floats, Floats, FoldPlan, float> kernel,
        Floats y, Floats x, ReduceGeometry geometry, float scale)
    {
        var plan = FoldPlan.Create(geometry, queue.TeamGroup);
        var config = queue.Teams(plan.Groups);
        if (plan.Chunks == 1)
        {
            kernel(queue.Stream, config, y, x, plan, scale);
            return;
        }

        using var partial = queue.RentFloats(plan.Results);
        kernel(queue.Stream, config, partial.Floats, x, plan, 1);
        Fold(kernel, y, partial.Floats, plan.Rest, scale);
    }
}
