using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>Assembles a batch from rows of a data set.</summary>
internal static unsafe class SimdGather
{
    /// <summary>y[r, :] = scale · source[indices[r], :]; int32 rows are copied as they are.</summary>
    public static void Run(WorkerTeam team, void* y, void* source, int* indices, GatherGeometry geometry) =>
        Chunks.Run(team, geometry.Rows, Chunks.RowsPerChunk(geometry.Columns), new Job(y, source, indices, geometry));

    private readonly struct Job(void* y, void* source, int* indices, GatherGeometry geometry) : IRangeJob
    {
        public void Run(int start, int count)
        {
            int columns = geometry.Columns;
            for (nint row = start; row < start + count; row++)
            {
                nint target = row * columns;
                nint origin = (nint)indices[row] * columns;
                switch (geometry.Source)
                {
                    case ElementType.UInt8:
                        Scale((float*)y + target, (byte*)source + origin, geometry.Scale, columns);
                        break;
                    case ElementType.Float32:
                        Scale((float*)y + target, (float*)source + origin, geometry.Scale, columns);
                        break;
                    default:
                        Unsafe.CopyBlockUnaligned((int*)y + target, (int*)source + origin, (uint)columns * sizeof(int));
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* y, byte* x, float scale, int count)
    {
        var scales = Vector256.Create(scale);
        nint i = 0;
        for (; i + 16 <= count; i += 16)
        {
            var bytes = Vector128.Load(x + i).ToVector256Unsafe();
            var (lower, upper) = Vector256.Widen(Vector256.WidenLower(bytes));
            (Vector256.ConvertToSingle(lower.AsInt32()) * scales).Store(y + i);
            (Vector256.ConvertToSingle(upper.AsInt32()) * scales).Store(y + i + 8);
        }

        for (; i < count; i++)
        {
            y[i] = x[i] * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* y, float* x, float scale, int count)
    {
        var scales = Vector256.Create(scale);
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            (Vector256.Load(x + i) * scales).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] = x[i] * scale;
        }
    }
}
