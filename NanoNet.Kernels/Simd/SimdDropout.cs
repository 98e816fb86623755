using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Random;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Dropout: the mask is computed anew each time it is needed, 32 columns at a time, and never stored.
/// </summary>
internal static unsafe class SimdDropout
{
    // Random numbers cost several times what plain elements do. A multiple of the 32 columns that are done together.
    private const int ElementsPerPiece = 2048;

    /// <summary>y = x / (1 − rate) where kept, else 0.</summary>
    public static void Run(WorkerTeam team, float* y, float* x, DropoutMask mask, int rows, int columns)
    {
        int rowsPerPiece = Math.Max(1, ElementsPerPiece / Math.Max(1, columns));
        int piecesPerRow = Chunks.Cover(columns, ElementsPerPiece);
        int pieces = Chunks.Cover(rows, rowsPerPiece) * piecesPerRow;
        var job = new Job(y, x, new Draw(mask), rows, columns, rowsPerPiece, piecesPerRow);
        if (pieces == 1)
        {
            job.Run(0);
            return;
        }

        team.Run(pieces, job);
    }

    // The mask's numbers, without the reference to its clock: jobs are unmanaged.
    private readonly struct Draw(in DropoutMask mask)
    {
        public readonly uint Key0 = mask.Key0;
        public readonly uint Key1 = mask.Key1;
        public readonly uint Counter2 = mask.Counter2;
        public readonly uint Counter3 = mask.Counter3;
        public readonly int Threshold = (int)mask.Threshold;
        public readonly float Scale = mask.Scale;
    }

    private readonly struct Job(
        float* y, float* x, Draw draw, int rows, int columns, int rowsPerPiece, int piecesPerRow) : IParallelJob
    {
        public void Run(int index)
        {
            int first = index / piecesPerRow * rowsPerPiece;
            int last = Math.Min(rows, first + rowsPerPiece);
            int start = index % piecesPerRow * ElementsPerPiece;
            int count = Math.Min(ElementsPerPiece, columns - start);
            for (int row = first; row < last; row++)
            {
                nint offset = ((nint)row * columns) + start;
                Row(y + offset, x + offset, draw, row, start, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* y, float* x, in Draw draw, int row, int column, int count)
    {
        var scale = Vector256.Create(draw.Scale);
        var threshold = Vector256.Create(draw.Threshold);
        var philox = new PhiloxLanes((uint)row, draw.Counter2, draw.Counter3, draw.Key0, draw.Key1);
        for (int c = 0; c < count; c += PhiloxLanes.Count)
        {
            philox.Next((uint)(column + c) / 4, out var bits0, out var bits1, out var bits2, out var bits3);
            int rest = count - c;
            if (rest >= PhiloxLanes.Count)
            {
                Keep(Vector256.Load(x + c), bits0, threshold, scale).Store(y + c);
                Keep(Vector256.Load(x + c + 8), bits1, threshold, scale).Store(y + c + 8);
                Keep(Vector256.Load(x + c + 16), bits2, threshold, scale).Store(y + c + 16);
                Keep(Vector256.Load(x + c + 24), bits3, threshold, scale).Store(y + c + 24);
            }
            else
            {
                KeepSome(y + c, x + c, bits0, threshold, scale, rest);
                KeepSome(y + c + 8, x + c + 8, bits1, threshold, scale, rest - 8);
                KeepSome(y + c + 16, x + c + 16, bits2, threshold, scale, rest - 16);
                KeepSome(y + c + 24, x + c + 24, bits3, threshold, scale, rest - 24);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Keep(
        Vector256<float> x, Vector256<uint> bits, Vector256<int> threshold, Vector256<float> scale) =>
        (x * scale) & Vector256.GreaterThanOrEqual((bits >> 8).AsInt32(), threshold).AsSingle();

    private static void KeepSome(
        float* y, float* x, Vector256<uint> bits, Vector256<int> threshold, Vector256<float> scale, int rest)
    {
        int lanes = Math.Clamp(rest, 0, FloatLanes.Count);
        FloatLanes.Store(y, Keep(FloatLanes.Load(x, lanes), bits, threshold, scale), lanes);
    }
}
