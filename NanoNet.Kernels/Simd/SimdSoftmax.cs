using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;

namespace NanoNet.Kernels.Simd;

/// <summary>Softmax by rows of [rows, columns], and its gradient.</summary>
internal static unsafe class SimdSoftmax
{
    // An exponential costs about as much as this many plain elements.
    private const int CostOfExp = 8;

    /// <summary>Rows that make up a chunk when every element takes an exponential.</summary>
    public static int RowsPerChunk(int columns) => Chunks.RowsPerChunk(columns * CostOfExp);

    /// <summary>y = exp(x − max) / Σ.</summary>
    public static void Forward(WorkerTeam team, float* y, float* x, int rows, int columns) =>
        Chunks.Run(team, rows, RowsPerChunk(columns), new ForwardJob(y, x, columns));

    /// <summary>dx = y · (dy − Σ_c dy · y).</summary>
    public static void Gradient(WorkerTeam team, float* dx, float* dy, float* y, int rows, int columns) =>
        Chunks.Run(team, rows, Chunks.RowsPerChunk(columns), new GradientJob(dx, dy, y, columns));

    private readonly struct ForwardJob(float* y, float* x, int columns) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (nint row = start; row < start + count; row++)
            {
                nint offset = row * columns;
                float max = SimdRows.Max(x + offset, columns);
                double sum = Exponentials(y + offset, x + offset, max, columns);
                Divide(y + offset, (float)sum, columns);
            }
        }
    }

    private readonly struct GradientJob(float* dx, float* dy, float* y, int columns) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (nint row = start; row < start + count; row++)
            {
                nint offset = row * columns;
                GradientRow(dx + offset, dy + offset, y + offset, columns);
            }
        }
    }

    /// <summary>e = exp(x − max); returns their sum. The output may be the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exponentials(float* e, float* x, float max, int columns)
    {
        var shift = Vector256.Create(max);
        var sum = Vector256<double>.Zero;
        nint c = 0;
        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            var exponential = VectorMath.Exp(Vector256.Load(x + c) - shift);
            exponential.Store(e + c);
            sum = FloatLanes.AddWide(sum, exponential);
        }

        int rest = (int)(columns - c);
        if (rest > 0)
        {
            // exp(−∞) = 0: the padding adds nothing to the sum.
            var exponential = VectorMath.Exp(FloatLanes.Load(x + c, rest, float.NegativeInfinity) - shift);
            FloatLanes.Store(e + c, exponential, rest);
            sum = FloatLanes.AddWide(sum, exponential);
        }

        return Vector256.Sum(sum);
    }

    /// <summary>y = y · factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* y, float factor, int columns)
    {
        for (int c = 0; c < columns; c += FloatLanes.Count)
        {
            int lanes = Math.Min(FloatLanes.Count, columns - c);
            FloatLanes.Store(y + c, FloatLanes.Load(y + c, lanes) * factor, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(float* y, float divisor, int columns)
    {
        var divisors = Vector256.Create(divisor);
        nint c = 0;
        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            (Vector256.Load(y + c) / divisors).Store(y + c);
        }

        int rest = (int)(columns - c);
        if (rest > 0)
        {
            FloatLanes.Store(y + c, FloatLanes.Load(y + c, rest) / divisors, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientRow(float* dx, float* dy, float* y, int columns)
    {
        var dots = Vector256<double>.Zero;
        nint c = 0;
        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            dots = FloatLanes.AddWide(dots, Vector256.Load(dy + c) * Vector256.Load(y + c));
        }

        int rest = (int)(columns - c);
        if (rest > 0)
        {
            dots = FloatLanes.AddWide(dots, FloatLanes.Load(dy + c, rest) * FloatLanes.Load(y + c, rest));
        }

        var dot = Vector256.Create((float)Vector256.Sum(dots));
        for (c = 0; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            (Vector256.Load(y + c) * (Vector256.Load(dy + c) - dot)).Store(dx + c);
        }

        if (rest > 0)
        {
            FloatLanes.Store(dx + c, FloatLanes.Load(y + c, rest) * (FloatLanes.Load(dy + c, rest) - dot), rest);
        }
    }
}
