using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>What precedes the gradients of a product that ended in bias and ReLU, in one pass over memory.</summary>
internal static unsafe class SimdReluBiasGradient
{
    private const int MinRowsPerBlock = 32;
    private const int MaxRowsPerBlock = 256;

    /// <summary>
    /// dz = dy where y &gt; 0, else 0; dbias[c] = Σ_r dz[r, c], summed by blocks of rows, then over the blocks.
    /// </summary>
    public static void Run(
        WorkerTeam team, BufferPool pool, float* dz, float* dbias, float* dy, float* y, int rows, int columns)
    {
        int rowsPerBlock = Math.Clamp(Chunks.RowsPerChunk(columns), MinRowsPerBlock, MaxRowsPerBlock);
        if (rows <= rowsPerBlock)
        {
            Block(dz, dbias, dy, y, rows, columns);
            return;
        }

        int blocks = Chunks.Cover(rows, rowsPerBlock);
        var partials = pool.Rent((long)blocks * columns * sizeof(float));
        float* partial = (float*)((SimdBuffer)partials).Pointer;
        team.Run(blocks, new Job(dz, partial, dy, y, rows, columns, rowsPerBlock));
        SimdReduce.Sum(team, pool, dbias, partial, new ReduceGeometry(1, blocks, columns), 1);
        pool.Return(partials);
    }

    private readonly struct Job(float* dz, float* partial, float* dy, float* y, int rows, int columns, int rowsPerBlock)
        : IParallelJob
    {
        public void Run(int index)
        {
            int row = index * rowsPerBlock;
            nint offset = (nint)row * columns;
            int count = Math.Min(rowsPerBlock, rows - row);
            Block(dz + offset, partial + ((nint)index * columns), dy + offset, y + offset, count, columns);
        }
    }

    // 64 columns at a time, their sums in eight registers, then eight, then the rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(float* dz, float* dbias, float* dy, float* y, int rows, int columns)
    {
        nint c = 0;
        for (; c + 64 <= columns; c += 64)
        {
            var s0 = Vector256<float>.Zero;
            var s1 = s0;
            var s2 = s0;
            var s3 = s0;
            var s4 = s0;
            var s5 = s0;
            var s6 = s0;
            var s7 = s0;
            nint i = c;
            for (int row = 0; row < rows; row++)
            {
                s0 += Mask(dz + i, dy + i, y + i);
                s1 += Mask(dz + i + 8, dy + i + 8, y + i + 8);
                s2 += Mask(dz + i + 16, dy + i + 16, y + i + 16);
                s3 += Mask(dz + i + 24, dy + i + 24, y + i + 24);
                s4 += Mask(dz + i + 32, dy + i + 32, y + i + 32);
                s5 += Mask(dz + i + 40, dy + i + 40, y + i + 40);
                s6 += Mask(dz + i + 48, dy + i + 48, y + i + 48);
                s7 += Mask(dz + i + 56, dy + i + 56, y + i + 56);
                i += columns;
            }

            s0.Store(dbias + c);
            s1.Store(dbias + c + 8);
            s2.Store(dbias + c + 16);
            s3.Store(dbias + c + 24);
            s4.Store(dbias + c + 32);
            s5.Store(dbias + c + 40);
            s6.Store(dbias + c + 48);
            s7.Store(dbias + c + 56);
        }

        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            var sum = Vector256<float>.Zero;
            nint i = c;
            for (int row = 0; row < rows; row++)
            {
                sum += Mask(dz + i, dy + i, y + i);
                i += columns;
            }

            sum.Store(dbias + c);
        }

        int rest = (int)(columns - c);
        if (rest > 0)
        {
            var sum = Vector256<float>.Zero;
            nint i = c;
            for (int row = 0; row < rows; row++)
            {
                var masked = Masked(FloatLanes.Load(dy + i, rest), FloatLanes.Load(y + i, rest));
                FloatLanes.Store(dz + i, masked, rest);
                sum += masked;
                i += columns;
            }

            FloatLanes.Store(dbias + c, sum, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(float* dz, float* dy, float* y)
    {
        var masked = Masked(Vector256.Load(dy), Vector256.Load(y));
        masked.Store(dz);
        return masked;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Masked(Vector256<float> dy, Vector256<float> y) =>
        dy & Vector256.GreaterThan(y, Vector256<float>.Zero);
}
