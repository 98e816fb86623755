using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Softmax by rows of [rows, columns], and its gradient. A team of threads works on each row.</summary>
internal sealed class SoftmaxKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, int, int, Team>? _softmax;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, int, int, Team>? _softmaxGradient;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    // Rows past the last have no columns: their threads only meet the others at the barriers.

    internal static void SoftmaxKernel(Floats y, Floats x, int rows, int columns, Team team)
    {
        var shared = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int first = team.Row * columns;
        int end = team.Row < rows ? columns : 0;

        var axis = new Axis(first, 1, end, team.Lanes);
        float max = team.Fold<Largest>(shared, axis.Fold<Largest>(x, team.Lane, Largest.Identity));
        float sum = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            sum += MathF.Exp(x[first + c] - max);
        }

        sum = team.Fold<Sum>(shared, sum);
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            y[first + c] = MathF.Exp(x[first + c] - max) / sum;
        }
    }

    internal static void SoftmaxGradientKernel(Floats dx, Floats dy, Floats y, int rows, int columns, Team team)
    {
        var shared = SharedMemory.Allocate<float>(KernelQueue.LargestGroup);
        int first = team.Row * columns;
        int end = team.Row < rows ? columns : 0;

        float dot = 0;
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            dot += dy[first + c] * y[first + c];
        }

        dot = team.Fold<Sum>(shared, dot);
        for (int c = team.Lane; c < end; c += team.Lanes)
        {
            dx[first + c] = y[first + c] * (dy[first + c] - dot);
        }
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Softmax(IlgpuBuffer y, IlgpuBuffer x, int rows, int columns)
    {
        var team = Team.ForColumns(columns, queue.TeamGroup);
        queue.Load(ref _softmax, SoftmaxKernel)(
            queue.Stream, queue.Teams(team.Groups(rows)), y.Floats, x.Floats, rows, columns, team);
    }

    public void SoftmaxGradient(IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer y, int rows, int columns)
    {
        var team = Team.ForColumns(columns, queue.TeamGroup);
        queue.Load(ref _softmaxGradient, SoftmaxGradientKernel)(
            queue.Stream, queue.Teams(team.Groups(rows)), dx.Floats, dy.Floats, y.Floats, rows, columns, team);
    }
}
