using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Functions of two operands. The geometry's innermost axis is the vector loop; how each operand moves along it (in
/// step, standing still, or striding) is a type argument, so that each combination compiles to its own tight loop.
/// </summary>
internal static unsafe class SimdBroadcast
{
    // A transposed operand's cache lines each serve several rows: so few columns at a time that the lines stay cached.
    private const int StridingStep = 32;

    /// <summary>y = f(a, b) as the geometry's strides say.</summary>
    public static void Binary<TFormula>(WorkerTeam team, float* y, float* a, float* b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula
    {
        int inner = geometry.Size5;
        if (geometry.Count == 0)
        {
            return;
        }

        int rows = geometry.Count / inner;
        int rowsPerPiece = Chunks.RowsPerChunk(inner);
        int piecesPerRow = Chunks.Cover(inner, Chunks.Elements);
        var job = new BinaryJob<TFormula>(y, a, b, geometry, rows, rowsPerPiece, piecesPerRow);
        int pieces = Chunks.Cover(rows, rowsPerPiece) * piecesPerRow;
        if (pieces == 1)
        {
            job.Run(0);
            return;
        }

        team.Run(pieces, job);
    }

    // A piece is either several whole rows or, where rows are long, a part of one row.
    private readonly struct BinaryJob<TFormula>(
        float* y, float* a, float* b, BroadcastGeometry geometry, int rows, int rowsPerPiece, int piecesPerRow)
        : IParallelJob
        where TFormula : struct, IBinaryFormula
    {
        public void Run(int index)
        {
            int firstRow = index / piecesPerRow * rowsPerPiece;
            int lastRow = Math.Min(rows, firstRow + rowsPerPiece);
            int start = index % piecesPerRow * Chunks.Elements;
            int count = Math.Min(Chunks.Elements, geometry.Size5 - start);
            nint strideA = geometry.StrideA5;
            nint strideB = geometry.StrideB5;
            int step = strideA > 1 || strideB > 1 ? StridingStep : count;
            for (int end = start + count; start < end; start += step)
            {
                count = Math.Min(step, end - start);
                for (int row = firstRow; row < lastRow; row++)
                {
                    var (offsetA, offsetB) = Offsets(row);
                    float* output = y + ((nint)row * geometry.Size5) + start;
                    float* rowA = a + offsetA + (start * strideA);
                    float* rowB = b + offsetB + (start * strideB);
                    Row(output, rowA, strideA, rowB, strideB, count);
                }
            }
        }

        // Where a row's operands start: the row number, taken apart from the innermost axis outwards.
        private (nint A, nint B) Offsets(int row)
        {
            var g = geometry;
            nint offsetA = 0;
            nint offsetB = 0;
            Take(ref row, g.Size4, g.StrideA4, g.StrideB4, ref offsetA, ref offsetB);
            if (row > 0)
            {
                Take(ref row, g.Size3, g.StrideA3, g.StrideB3, ref offsetA, ref offsetB);
                Take(ref row, g.Size2, g.StrideA2, g.StrideB2, ref offsetA, ref offsetB);
                Take(ref row, g.Size1, g.StrideA1, g.StrideB1, ref offsetA, ref offsetB);
                Take(ref row, g.Size0, g.StrideA0, g.StrideB0, ref offsetA, ref offsetB);
            }

            return (offsetA, offsetB);
        }

        private static void Take(
            ref int row, int size, nint strideA, nint strideB, ref nint offsetA, ref nint offsetB)
        {
            (row, int position) = Math.DivRem(row, size);
            offsetA += position * strideA;
            offsetB += position * strideB;
        }

        private static void Row(float* y, float* a, nint strideA, float* b, nint strideB, int count)
        {
            switch (strideA)
            {
                case 1:
                    RowWith(y, new InStep(a), b, strideB, count);
                    break;
                case 0:
                    RowWith(y, new Still(*a), b, strideB, count);
                    break;
                default:
                    RowWith(y, new Striding(a, strideA), b, strideB, count);
                    break;
            }
        }

        private static void RowWith<TA>(float* y, TA a, float* b, nint strideB, int count)
            where TA : unmanaged, IOperand
        {
            switch (strideB)
            {
                case 1:
                    Loop(y, a, new InStep(b), count);
                    break;
                case 0:
                    Loop(y, a, new Still(*b), count);
                    break;
                default:
                    Loop(y, a, new Striding(b, strideB), count);
                    break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Loop<TA, TB>(float* y, TA a, TB b, int count)
            where TA : unmanaged, IOperand
            where TB : unmanaged, IOperand
        {
            nint i = 0;
            for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
            {
                TFormula.Apply(a.Load(i), b.Load(i)).Store(y + i);
            }

            int rest = (int)(count - i);
            if (rest > 0)
            {
                FloatLanes.Store(y + i, TFormula.Apply(a.Load(i, rest), b.Load(i, rest)), rest);
            }
        }
    }

    private interface IOperand
    {
        Vector256<float> Load(nint position);

        Vector256<float> Load(nint position, int count);
    }

    private readonly struct InStep(float* source) : IOperand
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load(nint position) => Vector256.Load(source + position);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load(nint position, int count) => FloatLanes.Load(source + position, count);
    }

    private readonly struct Still(float value) : IOperand
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load(nint position) => Vector256.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load(nint position, int count) => Vector256.Create(value);
    }

    private readonly struct Striding(float* source, nint stride) : IOperand
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load(nint position)
        {
            float* p = source + (position * stride);
            float* q = p + (4 * stride);
            return Vector256.Create(
                p[0], p[stride], p[2 * stride], p[3 * stride], q[0], q[stride], q[2 * stride], q[3 * stride]);
        }

        public Vector256<float> Load(nint position, int count)
        {
            Vector256<float> lanes = default;
            for (int lane = 0; lane < count; lane++)
            {
                ((float*)&lanes)[lane] = source[(position + lane) * stride];
            }

            return lanes;
        }
    }
}
