using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Sums and maxima over the middle of x [outer, count, inner].
/// </summary>
/// <remarks>
/// The middle is cut into blocks that are reduced side by side to partial results, which are reduced in turn: a tree
/// whose form follows from the geometry alone. It also keeps the error of a float sum near that of pairwise summation,
/// since no single chain of additions is long.
/// </remarks>
internal static unsafe class SimdReduce
{
    // Longest chain of additions down a column: long enough to pay for the partial results, short enough for precision.
    private const int MaxRowsPerBlock = 256;

    // Columns that a block spans: 16 KiB of partial results stay in the first-level cache.
    private const int MaxColumnsPerBlock = 4096;

    /// <summary>y[o, i] = scale · Σ_c x[o, c, i].</summary>
    public static void Sum(
        WorkerTeam team, BufferPool pool, float* y, float* x, ReduceGeometry geometry, float scale) =>
        Reduce<SumReduction>(team, pool, y, x, geometry, scale);

    /// <summary>y[o, i] = max_c x[o, c, i].</summary>
    public static void Max(WorkerTeam team, BufferPool pool, float* y, float* x, ReduceGeometry geometry) =>
        Reduce<MaxReduction>(team, pool, y, x, geometry, 1);

    private static void Reduce<TReduction>(
        WorkerTeam team, BufferPool pool, float* y, float* x, ReduceGeometry geometry, float scale)
        where TReduction : struct, IReduction
    {
        var (outer, count, inner) = geometry;
        int blockLength = inner == 1
            ? Chunks.Elements
            : Math.Clamp(Chunks.RowsPerChunk(inner), 32, MaxRowsPerBlock);
        int blocks = Math.Max(1, Chunks.Cover(count, blockLength));
        if (blocks == 1)
        {
            Pass<TReduction>(team, y, x, geometry, blocks, count, scale);
            return;
        }

        var partials = pool.Rent((long)outer * blocks * inner * sizeof(float));
        float* partial = (float*)((SimdBuffer)partials).Pointer;
        Pass<TReduction>(team, partial, x, geometry, blocks, blockLength, 1);
        Reduce<TReduction>(team, pool, y, partial, new ReduceGeometry(outer, blocks, inner), scale);
        pool.Return(partials);
    }

    // One level of the tree: y [outer, blocks, inner].
    private static void Pass<TReduction>(
        WorkerTeam team, float* y, float* x, ReduceGeometry geometry, int blocks, int blockLength, float scale)
        where TReduction : struct, IReduction
    {
        if (geometry.Inner == 1)
        {
            int rowsPerPiece = Chunks.RowsPerChunk(blockLength);
            var job = new RowJob<TReduction>(y, x, geometry.Count, blocks, blockLength, scale);
            Chunks.Run(team, geometry.Outer * blocks, rowsPerPiece, job);
        }
        else
        {
            int columnBlocks = Chunks.Cover(geometry.Inner, MaxColumnsPerBlock);
            var job = new ColumnJob<TReduction>(
                y, x, geometry.Count, geometry.Inner, blocks, blockLength, columnBlocks, scale);
            int elementsPerPiece = blockLength * Math.Min(geometry.Inner, MaxColumnsPerBlock);
            Chunks.Run(team, geometry.Outer * blocks * columnBlocks, Chunks.RowsPerChunk(elementsPerPiece), job);
        }
    }

    // Piece: some of the outer · blocks stretches of neighbouring elements.
    private readonly struct RowJob<TReduction>(float* y, float* x, int length, int blocks, int blockLength, float scale)
        : IRangeJob where TReduction : struct, IReduction
    {
        public void Run(int start, int count)
        {
            for (int piece = start; piece < start + count; piece++)
            {
                int first = piece % blocks * blockLength;
                float* source = x + ((nint)(piece / blocks) * length) + first;
                y[piece] = scale * TReduction.Row(source, Math.Min(blockLength, length - first));
            }
        }
    }

    // Piece: some of the outer · blocks · columnBlocks panels.
    private readonly struct ColumnJob<TReduction>(
        float* y, float* x, int rows, int columns, int blocks, int rowsPerBlock, int columnBlocks, float scale)
        : IRangeJob where TReduction : struct, IReduction
    {
        public void Run(int start, int count)
        {
            for (int piece = start; piece < start + count; piece++)
            {
                int column = piece % columnBlocks * MaxColumnsPerBlock;
                int block = piece / columnBlocks;
                int row = block % blocks * rowsPerBlock;
                nint sourceRow = ((nint)(block / blocks) * rows) + row;
                Columns<TReduction>(
                    y + ((nint)block * columns) + column,
                    x + (sourceRow * columns) + column,
                    Math.Min(rowsPerBlock, rows - row),
                    Math.Min(MaxColumnsPerBlock, columns - column),
                    columns,
                    scale);
            }
        }
    }

    // Down the columns of x, rows apart by stride: 64 columns at a time in eight registers, then eight, then the rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TReduction>(float* y, float* x, int rows, int columns, nint stride, float scale)
        where TReduction : struct, IReduction
    {
        var scales = Vector256.Create(scale);
        var identity = Vector256.Create(TReduction.Identity);
        nint c = 0;
        for (; c + 64 <= columns; c += 64)
        {
            var a0 = identity;
            var a1 = identity;
            var a2 = identity;
            var a3 = identity;
            var a4 = identity;
            var a5 = identity;
            var a6 = identity;
            var a7 = identity;
            float* p = x + c;
            for (int row = 0; row < rows; row++)
            {
                a0 = TReduction.Combine(a0, Vector256.Load(p));
                a1 = TReduction.Combine(a1, Vector256.Load(p + 8));
                a2 = TReduction.Combine(a2, Vector256.Load(p + 16));
                a3 = TReduction.Combine(a3, Vector256.Load(p + 24));
                a4 = TReduction.Combine(a4, Vector256.Load(p + 32));
                a5 = TReduction.Combine(a5, Vector256.Load(p + 40));
                a6 = TReduction.Combine(a6, Vector256.Load(p + 48));
                a7 = TReduction.Combine(a7, Vector256.Load(p + 56));
                p += stride;
            }

            (a0 * scales).Store(y + c);
            (a1 * scales).Store(y + c + 8);
            (a2 * scales).Store(y + c + 16);
            (a3 * scales).Store(y + c + 24);
            (a4 * scales).Store(y + c + 32);
            (a5 * scales).Store(y + c + 40);
            (a6 * scales).Store(y + c + 48);
            (a7 * scales).Store(y + c + 56);
        }

        for (; c + FloatLanes.Count <= columns; c += FloatLanes.Count)
        {
            var sum = identity;
            float* p = x + c;
            for (int row = 0; row < rows; row++)
            {
                sum = TReduction.Combine(sum, Vector256.Load(p));
                p += stride;
            }

            (sum * scales).Store(y + c);
        }

        int rest = (int)(columns - c);
        if (rest > 0)
        {
            var sum = identity;
            float* p = x + c;
            for (int row = 0; row < rows; row++)
            {
                sum = TReduction.Combine(sum, FloatLanes.Load(p, rest));
                p += stride;
            }

            FloatLanes.Store(y + c, sum * scales, rest);
        }
    }

    /// <summary>An associative operation on floats.</summary>
    private interface IReduction
    {
        /// <summary>What changes nothing.</summary>
        static abstract float Identity { get; }

        /// <summary>Lane by lane.</summary>
        static abstract Vector256<float> Combine(Vector256<float> a, Vector256<float> b);

        /// <summary>All of a stretch of neighbouring elements.</summary>
        static abstract float Row(float* x, int count);
    }

    private readonly struct SumReduction : IReduction
    {
        public static float Identity => 0;

        public static Vector256<float> Combine(Vector256<float> a, Vector256<float> b) => a + b;

        public static float Row(float* x, int count) => (float)SimdRows.Sum(x, count);
    }

    private readonly struct MaxReduction : IReduction
    {
        public static float Identity => float.NegativeInfinity;

        public static Vector256<float> Combine(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);

        public static float Row(float* x, int count) => SimdRows.Max(x, count);
    }
}
