using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;

namespace NanoNet.Kernels.Simd;

/// <summary>Functions of one element at a time: formulas, their gradients, affine maps, fill and copy.</summary>
/// <remarks>
/// Loops are static methods of their own, fully optimised from the first call: the runtime's tiers would run the first
/// hundred milliseconds without vector registers.
/// </remarks>
internal static unsafe class SimdElementwise
{
    /// <summary>y = f(x).</summary>
    public static void Unary<TFormula>(WorkerTeam team, float* y, float* x, int count)
        where TFormula : struct, IUnaryFormula =>
        Chunks.Run(team, count, Chunks.Elements, new UnaryJob<TFormula>(y, x));

    /// <summary>dx = dy · f'(x, y).</summary>
    public static void UnaryGradient<TFormula>(WorkerTeam team, float* dx, float* dy, float* x, float* y, int count)
        where TFormula : struct, IUnaryFormula =>
        Chunks.Run(team, count, Chunks.Elements, new UnaryGradientJob<TFormula>(dx, dy, x, y));

    /// <summary>y = scale · x + shift.</summary>
    public static void Affine(WorkerTeam team, float* y, float* x, float scale, float shift, int count) =>
        Chunks.Run(team, count, Chunks.Elements, new AffineJob(y, x, scale, shift));

    /// <summary>y = value.</summary>
    public static void Fill(WorkerTeam team, float* y, float value, int count) =>
        Chunks.Run(team, count, Chunks.Elements, new FillJob(y, value));

    /// <summary>y = x, <paramref name="count"/> floats.</summary>
    public static void Copy(WorkerTeam team, float* y, float* x, int count) =>
        Chunks.Run(team, count, Chunks.Elements, new CopyJob(y, x));

    private readonly struct UnaryJob<TFormula>(float* y, float* x) : IRangeJob where TFormula : struct, IUnaryFormula
    {
        public void Run(int start, int count) => Map<TFormula>(y + start, x + start, count);
    }

    private readonly struct UnaryGradientJob<TFormula>(float* dx, float* dy, float* x, float* y) : IRangeJob
        where TFormula : struct, IUnaryFormula
    {
        public void Run(int start, int count) =>
            MapGradient<TFormula>(dx + start, dy + start, x + start, y + start, count);
    }

    private readonly struct AffineJob(float* y, float* x, float scale, float shift) : IRangeJob
    {
        public void Run(int start, int count) => MapAffine(y + start, x + start, scale, shift, count);
    }

    private readonly struct FillJob(float* y, float value) : IRangeJob
    {
        public void Run(int start, int count) => new Span<float>(y + start, count).Fill(value);
    }

    private readonly struct CopyJob(float* y, float* x) : IRangeJob
    {
        public void Run(int start, int count) =>
            Unsafe.CopyBlockUnaligned(y + start, x + start, (uint)count * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFormula>(float* y, float* x, int count) where TFormula : struct, IUnaryFormula
    {
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            TFormula.Apply(Vector256.Load(x + i)).Store(y + i);
        }

        int rest = (int)(count - i);
        if (rest > 0)
        {
            FloatLanes.Store(y + i, TFormula.Apply(FloatLanes.Load(x + i, rest)), rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MapGradient<TFormula>(float* dx, float* dy, float* x, float* y, int count)
        where TFormula : struct, IUnaryFormula
    {
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            var slope = TFormula.Derivative(Vector256.Load(x + i), Vector256.Load(y + i));
            (Vector256.Load(dy + i) * slope).Store(dx + i);
        }

        int rest = (int)(count - i);
        if (rest > 0)
        {
            var slope = TFormula.Derivative(FloatLanes.Load(x + i, rest), FloatLanes.Load(y + i, rest));
            FloatLanes.Store(dx + i, FloatLanes.Load(dy + i, rest) * slope, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MapAffine(float* y, float* x, float scale, float shift, int count)
    {
        var scales = Vector256.Create(scale);
        var shifts = Vector256.Create(shift);
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            ((Vector256.Load(x + i) * scales) + shifts).Store(y + i);
        }

        int rest = (int)(count - i);
        if (rest > 0)
        {
            FloatLanes.Store(y + i, (FloatLanes.Load(x + i, rest) * scales) + shifts, rest);
        }
    }
}
