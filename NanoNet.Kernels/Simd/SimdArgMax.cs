using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The position of the first largest element over the middle of x [outer, count, inner]. Later elements win only by
/// being greater, so a NaN is never chosen unless it comes first.
/// </summary>
internal static unsafe class SimdArgMax
{
    /// <summary>y[o, i] = the first c at which x[o, c, i] is largest.</summary>
    public static void Run(WorkerTeam team, int* y, float* x, ReduceGeometry geometry)
    {
        int rowsPerPiece = Chunks.RowsPerChunk(geometry.Count * geometry.Inner);
        Chunks.Run(team, geometry.Outer, rowsPerPiece, new Job(y, x, geometry.Count, geometry.Inner));
    }

    private readonly struct Job(int* y, float* x, int length, int inner) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (nint outer = start; outer < start + count; outer++)
            {
                float* source = x + (outer * length * inner);
                int* target = y + (outer * inner);
                if (inner == 1)
                {
                    *target = SimdRows.ArgMax(source, length);
                }
                else
                {
                    Columns(target, source, length, inner);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(int* y, float* x, int rows, int columns)
    {
        nint c = 0;
        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            var largest = Vector256.Load(x + c);
            var best = Vector256<int>.Zero;
            for (int row = 1; row < rows; row++)
            {
                var value = Vector256.Load(x + ((nint)row * columns) + c);
                var wins = Vector256.GreaterThan(value, largest);
                largest = Vector256.ConditionalSelect(wins, value, largest);
                best = Vector256.ConditionalSelect(wins.AsInt32(), Vector256.Create(row), best);
            }

            best.Store(y + c);
        }

        for (; c < columns; c++)
        {
            int best = 0;
            for (int row = 1; row < rows; row++)
            {
                if (x[((nint)row * columns) + c] > x[((nint)best * columns) + c])
                {
                    best = row;
                }
            }

            y[c] = best;
        }
    }
}
