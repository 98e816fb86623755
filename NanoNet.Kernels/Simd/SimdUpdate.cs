using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Simd;

/// <summary>Optimizer updates, fused into one pass over parameter, gradient and state.</summary>
/// <remarks>
/// Products and sums are rounded apart, as on machines without fused multiply-add, so results agree between machines.
/// </remarks>
internal static unsafe class SimdUpdate
{
    /// <summary>
    /// One step of stochastic gradient descent: w −= rate · g without velocity, else v = momentum · v − rate · g and w
    /// += v, or w += momentum · v − rate · g with Nesterov's momentum.
    /// </summary>
    public static void Sgd(
        WorkerTeam team, float* w, float* g, float* v, float rate, float momentum, bool nesterov, int count)
    {
        if (v is null)
        {
            Chunks.Run(team, count, Chunks.Elements, new PlainJob(w, g, rate));
        }
        else
        {
            Chunks.Run(team, count, Chunks.Elements, new MomentumJob(w, g, v, rate, momentum, nesterov));
        }
    }

    private readonly struct PlainJob(float* w, float* g, float rate) : IRangeJob
    {
        public void Run(int start, int count) => Plain(w + start, g + start, rate, count);
    }

    private readonly struct MomentumJob(float* w, float* g, float* v, float rate, float momentum, bool nesterov)
        : IRangeJob
    {
        public void Run(int start, int count)
        {
            if (nesterov)
            {
                Nesterov(w + start, g + start, v + start, rate, momentum, count);
            }
            else
            {
                Momentum(w + start, g + start, v + start, rate, momentum, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(float* w, float* g, float rate, int count)
    {
        var rates = Vector256.Create(rate);
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            (Vector256.Load(w + i) - (rates * Vector256.Load(g + i))).Store(w + i);
        }

        for (; i < count; i++)
        {
            w[i] -= rate * g[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Momentum(float* w, float* g, float* v, float rate, float momentum, int count)
    {
        var rates = Vector256.Create(rate);
        var momenta = Vector256.Create(momentum);
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            var velocity = (momenta * Vector256.Load(v + i)) - (rates * Vector256.Load(g + i));
            velocity.Store(v + i);
            (Vector256.Load(w + i) + velocity).Store(w + i);
        }

        for (; i < count; i++)
        {
            v[i] = (momentum * v[i]) - (rate * g[i]);
            w[i] += v[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Nesterov(float* w, float* g, float* v, float rate, float momentum, int count)
    {
        var rates = Vector256.Create(rate);
        var momenta = Vector256.Create(momentum);
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            var descent = rates * Vector256.Load(g + i);
            var velocity = (momenta * Vector256.Load(v + i)) - descent;
            velocity.Store(v + i);
            (Vector256.Load(w + i) + ((momenta * velocity) - descent)).Store(w + i);
        }

        for (; i < count; i++)
        {
            float descent = rate * g[i];
            v[i] = (momentum * v[i]) - descent;
            w[i] += (momentum * v[i]) - descent;
        }
    }
}
