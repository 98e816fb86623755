using System.Runtime.CompilerServices;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Winograd's transforms of whole tiles: down the columns into a corner of the stack, from there along the rows. All channels of a tile
/// in turn, a vector at a time. Of the 36 places of a transformed tile, each lies <c>place</c> floats after the one before.
/// </summary>
internal static unsafe class WinogradTiles<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Room for 36 vectors of 16 floats on a cache line of their own.</summary>
    private const int Corner = 36 * 16 + 16;

    /// <summary>target = Bᵀ d B for the pixels of a tile, each at its own address, six to a row.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(in WinogradTile tile, float** pixels, int channels, float* target, nint place)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int c = 0; c < channels; c += lanes)
        {
            for (int j = 0; j < tile.Width + 2; j++)
            {
                InputColumn(tile.Height, pixels + j, c, half + j * lanes);
            }

            for (int i = 0; i < 6; i++)
            {
                if (WinogradGrid.HasPoint(tile.Height, i))
                {
                    InputRow(tile.Width, half + i * 6 * lanes, target + i * 6 * place + c, place);
                }
            }
        }
    }

    /// <summary>
    /// y = Aᵀ m A, plus bias, rectified if asked for; of the tile's pixels the first <paramref name="rows"/> by
    /// <paramref name="columns"/> are stored.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(
        in WinogradTile tile, float* product, nint place, int filters, float* y, nint rowStride, nint columnStride, int rows, int columns,
        float* bias, bool relu)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int f = 0; f < filters; f += lanes)
        {
            for (int j = 0; j < 6; j++)
            {
                if (WinogradGrid.HasPoint(tile.Width, j))
                {
                    OutputLine(tile.Height, product + j * place + f, 6 * place, half + j * lanes, 6 * lanes);
                }
            }

            var shift = bias is null ? default : TLanes.Load(bias + f);
            for (int i = 0; i < rows; i++)
            {
                float* line = half + i * 6 * lanes;
                OutputLine(tile.Width, line, lanes, line, lanes);
                float* pixel = y + i * rowStride + f;
                for (int j = 0; j < columns; j++)
                {
                    var value = TLanes.Add(TLanes.Load(line + j * lanes), shift);
                    TLanes.Store(relu ? TLanes.Relu(value) : value, pixel + j * columnStride);
                }
            }
        }
    }

    /// <summary>
    /// target = A dy Aᵀ for the pixels of a tile, each at its own address, four to a row; filters go into panels,
    /// <paramref name="panel"/> apart.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradient(in WinogradTile tile, float** pixels, int filters, float* target, nint place, nint panel)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int f = 0; f < filters; f += lanes)
        {
            for (int j = 0; j < tile.Width; j++)
            {
                OutputGradientColumn(tile.Height, pixels + j, f, half + j * lanes);
            }

            float* packed = target + f / (2 * lanes) * panel + f % (2 * lanes);
            for (int i = 0; i < 6; i++)
            {
                if (WinogradGrid.HasPoint(tile.Height, i))
                {
                    OutputGradientRow(tile.Width, half + i * 4 * lanes, packed + i * 6 * place, place);
                }
            }
        }
    }

    /// <summary>target = G g Gᵀ for <paramref name="count"/> kernels side by side; their taps lie <paramref name="tap"/> apart.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernel(float* kernel, nint tap, nint count, float* target, nint place)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (nint k = 0; k < count; k += lanes)
        {
            for (int j = 0; j < 3; j++)
            {
                float* g = kernel + j * tap + k;
                WinogradTransforms<TLanes, TVector>.Kernel(
                    TLanes.Load(g), TLanes.Load(g + 3 * tap), TLanes.Load(g + 6 * tap), half + j * lanes, 3 * lanes);
            }

            for (int i = 0; i < 6; i++)
            {
                float* row = half + i * 3 * lanes;
                WinogradTransforms<TLanes, TVector>.Kernel(
                    TLanes.Load(row), TLanes.Load(row + lanes), TLanes.Load(row + 2 * lanes),
                    target + i * 6 * place + k, place);
            }
        }
    }

    /// <summary>dkernel = Gᵀ p G, likewise.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KernelGradient(float* product, nint place, nint count, float* dkernel, nint tap)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (nint k = 0; k < count; k += lanes)
        {
            for (int j = 0; j < 6; j++)
            {
                float* p = product + j * place + k;
                WinogradTransforms<TLanes, TVector>.KernelGradient(
                    TLanes.Load(p), TLanes.Load(p + 6 * place), TLanes.Load(p + 12 * place),
                    TLanes.Load(p + 18 * place), TLanes.Load(p + 24 * place), TLanes.Load(p + 30 * place),
                    half + j * lanes, 6 * lanes);
            }

            for (int i = 0; i < 3; i++)
            {
                float* row = half + i * 6 * lanes;
                WinogradTransforms<TLanes, TVector>.KernelGradient(
                    TLanes.Load(row), TLanes.Load(row + lanes), TLanes.Load(row + 2 * lanes),
                    TLanes.Load(row + 3 * lanes), TLanes.Load(row + 4 * lanes), TLanes.Load(row + 5 * lanes),
                    dkernel + i * 3 * tap + k, tap);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputColumn(int size, float** pixels, int c, float* target)
    {
        int stride = 6 * TLanes.Count;
        var d0 = TLanes.Load(pixels[0] + c);
        var d1 = TLanes.Load(pixels[6] + c);
        var d2 = TLanes.Load(pixels[12] + c);
        var d3 = TLanes.Load(pixels[18] + c);
        switch (size)
        {
            case 4:
                var (d4, d5) = (TLanes.Load(pixels[24] + c), TLanes.Load(pixels[30] + c));
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, d4, d5, target, stride);
                break;
            case 3:
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, TLanes.Load(pixels[24] + c), target, stride);
                break;
            default:
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, target, stride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow(int size, float* row, float* target, nint place)
    {
        int lanes = TLanes.Count;
        var d0 = TLanes.Load(row);
        var d1 = TLanes.Load(row + lanes);
        var d2 = TLanes.Load(row + 2 * lanes);
        var d3 = TLanes.Load(row + 3 * lanes);
        switch (size)
        {
            case 4:
                var (d4, d5) = (TLanes.Load(row + 4 * lanes), TLanes.Load(row + 5 * lanes));
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, d4, d5, target, place);
                break;
            case 3:
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, TLanes.Load(row + 4 * lanes), target, place);
                break;
            default:
                WinogradTransforms<TLanes, TVector>.Input(d0, d1, d2, d3, target, place);
                break;
        }
    }

    /// <summary>Aᵀ along one line; the target may be the source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine(int size, float* source, nint stride, float* target, nint targetStride)
    {
        TVector y0, y1;
        var m0 = TLanes.Load(source);
        var m1 = TLanes.Load(source + stride);
        var m2 = TLanes.Load(source + 2 * stride);
        var m5 = TLanes.Load(source + 5 * stride);
        switch (size)
        {
            case 4:
                var (m3, m4) = (TLanes.Load(source + 3 * stride), TLanes.Load(source + 4 * stride));
                WinogradTransforms<TLanes, TVector>.Output(m0, m1, m2, m3, m4, m5, out y0, out y1, out var y2, out var y3);
                TLanes.Store(y2, target + 2 * targetStride);
                TLanes.Store(y3, target + 3 * targetStride);
                break;
            case 3:
                m3 = TLanes.Load(source + 3 * stride);
                WinogradTransforms<TLanes, TVector>.Output(m0, m1, m2, m3, m5, out y0, out y1, out y2);
                TLanes.Store(y2, target + 2 * targetStride);
                break;
            default:
                WinogradTransforms<TLanes, TVector>.Output(m0, m1, m2, m5, out y0, out y1);
                break;
        }

        TLanes.Store(y0, target);
        TLanes.Store(y1, target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientColumn(int size, float** pixels, int f, float* target)
    {
        int stride = 4 * TLanes.Count;
        var y0 = TLanes.Load(pixels[0] + f);
        var y1 = TLanes.Load(pixels[4] + f);
        switch (size)
        {
            case 4:
                var (y2, y3) = (TLanes.Load(pixels[8] + f), TLanes.Load(pixels[12] + f));
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, y2, y3, target, stride);
                break;
            case 3:
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, TLanes.Load(pixels[8] + f), target, stride);
                break;
            default:
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, target, stride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientRow(int size, float* row, float* target, nint place)
    {
        int lanes = TLanes.Count;
        var y0 = TLanes.Load(row);
        var y1 = TLanes.Load(row + lanes);
        switch (size)
        {
            case 4:
                var (y2, y3) = (TLanes.Load(row + 2 * lanes), TLanes.Load(row + 3 * lanes));
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, y2, y3, target, place);
                break;
            case 3:
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, TLanes.Load(row + 2 * lanes), target, place);
                break;
            default:
                WinogradTransforms<TLanes, TVector>.OutputGradient(y0, y1, target, place);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Align(float* room) => (float*)(((nint)room + 63) & ~63);
}
