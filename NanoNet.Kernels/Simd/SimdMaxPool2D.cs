using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>Max-pooling of NHWC images, vectorised over channels.</summary>
/// <remarks>
/// Letters: (p, q) is a window, (i, j) a place in it, (h, w) = (p · StrideHeight + i − PadTop, q · StrideWidth + j − PadLeft) an
/// input pixel. A place is numbered k = i · PoolWidth + j.
/// </remarks>
internal static unsafe class SimdMaxPool2D
{
    /// <summary>y = the largest value of each window, argmax (or null) = the place of the first largest.</summary>
    public static void Forward(WorkerTeam team, float* y, int* argmax, float* x, Pool2DGeometry geometry)
    {
        int rows = geometry.Batch * geometry.OutputHeight;
        int workPerRow = geometry.OutputWidth * geometry.Channels * geometry.PoolHeight * geometry.PoolWidth;
        Chunks.Run(team, rows, Chunks.RowsPerChunk(workPerRow), new ForwardJob(y, argmax, x, geometry));
    }

    /// <summary>dx = for each input element, the sum of the dy of those windows that chose it.</summary>
    public static void Gradient(WorkerTeam team, float* dx, float* dy, int* argmax, Pool2DGeometry geometry)
    {
        int rows = geometry.Batch * geometry.Height;
        int rowsPerPiece = Chunks.RowsPerChunk(geometry.Width * geometry.Channels);
        Chunks.Run(team, rows, rowsPerPiece, new GradientJob(dx, dy, argmax, geometry));
    }

    private readonly struct ForwardJob(float* y, int* argmax, float* x, Pool2DGeometry geometry) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (int row = start; row < start + count; row++)
            {
                ForwardRow(y, argmax, x, geometry, row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRow(float* y, int* argmax, float* x, in Pool2DGeometry g, int row)
    {
        var (n, p) = Math.DivRem(row, g.OutputHeight);
        int top = (p * g.StrideHeight) - g.PadTop;
        int firstI = Math.Max(0, -top);
        int lastI = Math.Min(g.PoolHeight, g.Height - top);
        for (int q = 0; q < g.OutputWidth; q++)
        {
            int left = (q * g.StrideWidth) - g.PadLeft;
            int firstJ = Math.Max(0, -left);
            int lastJ = Math.Min(g.PoolWidth, g.Width - left);
            nint output = (((nint)row * g.OutputWidth) + q) * g.Channels;
            for (int c = 0; c < g.Channels; c += Lanes.Count)
            {
                int lanes = Math.Min(Lanes.Count, g.Channels - c);
                var largest = Vector256<float>.Zero;
                var place = Vector256.Create(-1);
                for (int i = firstI; i < lastI; i++)
                {
                    for (int j = firstJ; j < lastJ; j++)
                    {
                        nint pixel = ((((nint)n * g.Height) + top + i) * g.Width) + left + j;
                        float* source = x + (pixel * g.Channels) + c;
                        var value = lanes == Lanes.Count ? Vector256.Load(source) : Lanes.Load(source, lanes);
                        var wins = Vector256.GreaterThan(value, largest).AsInt32() | Vector256.LessThan(place, Vector256<int>.Zero);
                        largest = Vector256.ConditionalSelect(wins.AsSingle(), value, largest);
                        place = Vector256.ConditionalSelect(wins, Vector256.Create((i * g.PoolWidth) + j), place);
                    }
                }

                Lanes.Store(y + output + c, largest, lanes);
                if (argmax is not null)
                {
                    Lanes.Store((float*)argmax + output + c, place.AsSingle(), lanes);
                }
            }
        }
    }

    private readonly struct GradientJob(float* dx, float* dy, int* argmax, Pool2DGeometry geometry) : IRangeJob
    {
        public void Run(int start, int count)
        {
            for (int row = start; row < start + count; row++)
            {
                GradientRow(dx, dy, argmax, geometry, row);
            }
        }
    }

    // Each input pixel asks the windows that cover it, in the order of (p, q).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientRow(float* dx, float* dy, int* argmax, in Pool2DGeometry g, int row)
    {
        var (n, h) = Math.DivRem(row, g.Height);
        int firstP = First(h + g.PadTop, g.PoolHeight, g.StrideHeight);
        int lastP = Math.Min(g.OutputHeight - 1, (h + g.PadTop) / g.StrideHeight);
        for (int w = 0; w < g.Width; w++)
        {
            int firstQ = First(w + g.PadLeft, g.PoolWidth, g.StrideWidth);
            int lastQ = Math.Min(g.OutputWidth - 1, (w + g.PadLeft) / g.StrideWidth);
            nint input = (((nint)row * g.Width) + w) * g.Channels;
            for (int c = 0; c < g.Channels; c += Lanes.Count)
            {
                int lanes = Math.Min(Lanes.Count, g.Channels - c);
                var sum = Vector256<float>.Zero;
                for (int p = firstP; p <= lastP; p++)
                {
                    int i = h + g.PadTop - (p * g.StrideHeight);
                    for (int q = firstQ; q <= lastQ; q++)
                    {
                        int j = w + g.PadLeft - (q * g.StrideWidth);
                        nint window = ((((nint)n * g.OutputHeight) + p) * g.OutputWidth) + q;
                        nint offset = (window * g.Channels) + c;
                        var chosen = Vector256.Equals(
                            Lanes.Load((float*)argmax + offset, lanes).AsInt32(), Vector256.Create((i * g.PoolWidth) + j));
                        sum += Lanes.Load(dy + offset, lanes) & chosen.AsSingle();
                    }
                }

                Lanes.Store(dx + input + c, sum, lanes);
            }
        }
    }

    // The first window along an axis that covers a position, which counts from the padded edge.
    private static int First(int position, int pool, int stride) =>
        position < pool ? 0 : ((position - pool) / stride) + 1;
}
