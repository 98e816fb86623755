using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>Copies operand b into panels: see <see cref="Panels"/>.</summary>
internal static unsafe class PanelPacking<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows that are asked for before they are copied: the machine foresees no steps of a page or more.</summary>
    private const int RowsAhead = 8;

    private static int Width => ProductTile<TLanes, TVector>.Columns;

    /// <summary>Panels needed for so many columns.</summary>
    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>Packs columns of b as it is stored: see <see cref="Pack"/> and <see cref="PackTransposed"/>.</summary>
    public static void PackAsStored(
        bool isTransposed, float* target, nint panelStride, float* source, nint stride, int depth, int columns)
    {
        if (isTransposed)
        {
            PackTransposed(target, panelStride, source, stride, depth, columns);
        }
        else
        {
            Pack(target, panelStride, source, stride, depth, columns);
        }
    }

    /// <summary>
    /// Packs <paramref name="columns"/> columns of b [depth, columns], rows <paramref name="stride"/> apart, into panels
    /// <paramref name="panelStride"/> apart.
    /// </summary>
    public static void Pack(float* target, nint panelStride, float* source, nint stride, int depth, int columns)
    {
        int panels = columns / Width;
        PackFull(target, panelStride, source, stride, depth, panels);
        int partial = columns - panels * Width;
        if (partial > 0)
        {
            PackPartial(target + panels * panelStride, source + panels * Width, stride, depth, partial);
        }
    }

    /// <summary>
    /// The same for b stored transposed, [columns, depth]: rows, <paramref name="stride"/> apart, become columns.
    /// </summary>
    public static void PackTransposed(float* target, nint panelStride, float* source, nint stride, int depth, int columns)
    {
        for (; columns > 0; columns -= Width, source += Width * stride, target += panelStride)
        {
            int full = Math.Min(columns, Width);
            if (full < Width)
            {
                new Span<float>(target, depth * Width).Clear();
            }

            int column = 0;
            for (; column + 4 <= full; column += 4)
            {
                TransposeFour(target + column, source + column * stride, stride, depth);
            }

            for (; column < full; column++)
            {
                for (int step = 0; step < depth; step++)
                {
                    target[(nint)step * Width + column] = source[column * stride + step];
                }
            }
        }
    }

    /// <summary>Row by row through all panels: rows of b may be pages apart, and each is visited once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFull(float* target, nint panelStride, float* source, nint stride, int depth, int panels)
    {
        for (int step = 0; step < depth; step++, target += Width, source += stride)
        {
            float* to = target;
            float* from = source;
            for (int panel = 0; panel < panels; panel++, to += panelStride, from += Width)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(from + RowsAhead * stride);
                    Sse.Prefetch0(from + RowsAhead * stride + TLanes.Count);
                }

                TLanes.Store(TLanes.Load(from), to);
                TLanes.Store(TLanes.Load(from + TLanes.Count), to + TLanes.Count);
            }
        }
    }

    // What lies beside the columns is copied with them, as long as it is b: nobody looks at the sums that it gives.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPartial(float* target, float* source, nint stride, int depth, int columns)
    {
        float* end = source + (depth - 1) * stride + columns;
        int step = 0;
        for (; step < depth && source + Width <= end; step++, target += Width, source += stride)
        {
            TLanes.Store(TLanes.Load(source), target);
            TLanes.Store(TLanes.Load(source + TLanes.Count), target + TLanes.Count);
        }

        for (; step < depth; step++, target += Width, source += stride)
        {
            for (int column = 0; column < Width; column++)
            {
                target[column] = column < columns ? source[column] : 0;
            }
        }
    }

    /// <summary>Four rows of the source become four columns of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFour(float* target, float* source, nint stride, int depth)
    {
        int step = 0;
        if (TLanes.Count >= 4 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; step + 4 <= depth; step += 4, target += 4 * Width, source += 4)
            {
                // Rows 0 and 2 interleaved, rows 1 and 3 interleaved; interleaving those gives the four columns.
                var r0 = Vector128.Load(source);
                var r1 = Vector128.Load(source + stride);
                var r2 = Vector128.Load(source + 2 * stride);
                var r3 = Vector128.Load(source + 3 * stride);
                var low02 = ZipLow(r0, r2);
                var high02 = ZipHigh(r0, r2);
                var low13 = ZipLow(r1, r3);
                var high13 = ZipHigh(r1, r3);
                ZipLow(low02, low13).Store(target);
                ZipHigh(low02, low13).Store(target + Width);
                ZipLow(high02, high13).Store(target + 2 * Width);
                ZipHigh(high02, high13).Store(target + 3 * Width);
            }
        }

        for (; step < depth; step++, target += Width, source++)
        {
            target[0] = source[0];
            target[1] = source[stride];
            target[2] = source[2 * stride];
            target[3] = source[3 * stride];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
