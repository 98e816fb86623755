using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>What an optimizer does to a parameter, in one pass over it.</summary>
internal sealed class UpdateKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, float, int>? _sgd;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, float, float, int, int>? _momentum;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void SgdKernel(Floats parameter, Floats gradient, float rate, int count)
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            parameter[i] -= rate * gradient[i];
        }
    }

    internal static void MomentumKernel(
        Floats parameter, Floats velocity, Floats gradient, float rate, float momentum, int nesterov, int count)
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            float step = rate * gradient[i];
            float v = momentum * velocity[i] - step;
            velocity[i] = v;
            parameter[i] += nesterov != 0 ? momentum * v - step : v;
        }
    }

    // ── Launcher ─────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Sgd(
        IlgpuBuffer parameter, IlgpuBuffer gradient, IlgpuBuffer? velocity,
        float rate, float momentum, bool nesterov, int count)
    {
        var threads = queue.Threads(count);
        if (velocity is null)
        {
            queue.Load(ref _sgd, SgdKernel)(queue.Stream, threads, parameter.Floats, gradient.Floats, rate, count);
        }
        else
        {
            queue.Load(ref _momentum, MomentumKernel)(queue.Stream, threads,
                parameter.Floats, velocity.Floats, gradient.Floats, rate, momentum, nesterov ? 1 : 0, count);
        }
    }
}
