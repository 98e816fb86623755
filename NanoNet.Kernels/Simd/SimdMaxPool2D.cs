using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>Max-pooling of NHWC images, vectorised over channels.</summary>
/// <remarks>
/// Letters: (p, q) is a window of image n, (i, j) a place in it, (h, w) = (p · StrideHeight + i − PadTop, q ·
/// StrideWidth + j − PadLeft) an input pixel. A place is numbered k = i · PoolWidth + j. The window's first pixel
/// inside the image leads until a later one is greater, so the first of equals wins, and NaN only if it comes first.
/// </remarks>
internal static unsafe partial class SimdMaxPool2D
{
    /// <summary>y = the largest value of each window, argmax (or null) = the place of the first largest.</summary>
    public static void Forward(WorkerTeam team, float* y, int* argmax, float* x, Pool2DGeometry geometry)
    {
        int rows = geometry.Batch * geometry.OutputHeight;
        int workPerRow = geometry.OutputWidth * geometry.Channels * geometry.PoolHeight * geometry.PoolWidth;
        Chunks.Run(team, rows, Chunks.RowsPerChunk(workPerRow), new ForwardJob(y, argmax, x, geometry));
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

    private static void ForwardRow(float* y, int* argmax, float* x, in Pool2DGeometry g, int row)
    {
        var (n, p) = Math.DivRem(row, g.OutputHeight);
        int top = (p * g.StrideHeight) - g.PadTop;
        var rows = new Extent(Math.Max(0, -top), Math.Min(g.PoolHeight, g.Height - top));
        nint rowStride = (nint)g.Width * g.Channels;
        float* image = x + (n * g.Height * rowStride);
        for (int q = 0; q < g.OutputWidth; q++)
        {
            int left = (q * g.StrideWidth) - g.PadLeft;
            var columns = new Extent(Math.Max(0, -left), Math.Min(g.PoolWidth, g.Width - left));
            nint output = (((nint)row * g.OutputWidth) + q) * g.Channels;
            float* window = image + (top * rowStride) + ((nint)left * g.Channels);
            int* places = argmax is null ? null : argmax + output;
            if (g.PoolWidth == 2 && rows == new Extent(0, 2) && columns == new Extent(0, 2))
            {
                Window2X2(y + output, places, window, rowStride, g.Channels);
            }
            else
            {
                Window(y + output, places, window, rowStride, g.PoolWidth, rows, columns, g.Channels);
            }
        }
    }

    // The commonest window, without loops over its pixels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window2X2(float* y, int* argmax, float* x, nint rowStride, int channels)
    {
        nint c = 0;
        for (; c + FloatLanes.Count <= channels; c += FloatLanes.Count)
        {
            float* upper = x + c;
            float* lower = upper + rowStride;
            var leader = new Leader(Vector256.Load(upper), 0);
            leader.Challenge(Vector256.Load(upper + channels), 1);
            leader.Challenge(Vector256.Load(lower), 2);
            leader.Challenge(Vector256.Load(lower + channels), 3);
            leader.Value.Store(y + c);
            if (argmax is not null)
            {
                leader.Place.Store(argmax + c);
            }
        }

        if (c < channels)
        {
            WindowPart(y, argmax, x, rowStride, 2, new Extent(0, 2), new Extent(0, 2), channels, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(
        float* y, int* argmax, float* x, nint rowStride, int poolWidth, Extent rows, Extent columns, int channels)
    {
        nint c = 0;
        for (; c + FloatLanes.Count <= channels; c += FloatLanes.Count)
        {
            float* pixels = x + c;
            var leader = new Leader(
                Vector256.Load(pixels + (rows.First * rowStride) + ((nint)columns.First * channels)),
                (rows.First * poolWidth) + columns.First);
            for (int i = rows.First; i < rows.End; i++)
            {
                for (int j = columns.First; j < columns.End; j++)
                {
                    leader.Challenge(
                        Vector256.Load(pixels + (i * rowStride) + ((nint)j * channels)),
                        (i * poolWidth) + j);
                }
            }

            leader.Value.Store(y + c);
            if (argmax is not null)
            {
                leader.Place.Store(argmax + c);
            }
        }

        if (c < channels)
        {
            WindowPart(y, argmax, x, rowStride, poolWidth, rows, columns, channels, c);
        }
    }

    // The channels after the last full vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WindowPart(
        float* y,
        int* argmax,
        float* x,
        nint rowStride,
        int poolWidth,
        Extent rows,
        Extent columns,
        int channels,
        nint c)
    {
        int rest = (int)(channels - c);
        float* pixels = x + c;
        var leader = new Leader(
            FloatLanes.Load(pixels + (rows.First * rowStride) + ((nint)columns.First * channels), rest),
            (rows.First * poolWidth) + columns.First);
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                var value = FloatLanes.Load(pixels + (i * rowStride) + ((nint)j * channels), rest);
                leader.Challenge(value, (i * poolWidth) + j);
            }
        }

        FloatLanes.Store(y + c, leader.Value, rest);
        if (argmax is not null)
        {
            FloatLanes.Store((float*)argmax + c, leader.Place.AsSingle(), rest);
        }
    }

    // Positions from First to before End.
    private readonly record struct Extent(int First, int End);

    // The largest value so far, and where it was.
    private struct Leader(Vector256<float> value, int place)
    {
        public Vector256<float> Value = value;
        public Vector256<int> Place = Vector256.Create(place);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Challenge(Vector256<float> value, int place)
        {
            var wins = Vector256.GreaterThan(value, Value);
            Value = Vector256.ConditionalSelect(wins, value, Value);
            Place = Vector256.ConditionalSelect(wins.AsInt32(), Vector256.Create(place), Place);
        }
    }
}
