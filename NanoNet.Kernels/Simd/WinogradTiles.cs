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

    /// <summary>target = Bᵀ d B for the 6x6 pixels of a tile, each at its own address.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** pixels, int channels, float* target, nint place)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int c = 0; c < channels; c += lanes)
        {
            for (int j = 0; j < 6; j++)
            {
                WinogradTransforms<TLanes, TVector>.Input(
                    TLanes.Load(pixels[j] + c), TLanes.Load(pixels[6 + j] + c), TLanes.Load(pixels[12 + j] + c),
                    TLanes.Load(pixels[18 + j] + c), TLanes.Load(pixels[24 + j] + c), TLanes.Load(pixels[30 + j] + c),
                    half + j * lanes, 6 * lanes);
            }

            for (int i = 0; i < 6; i++)
            {
                float* row = half + i * 6 * lanes;
                WinogradTransforms<TLanes, TVector>.Input(
                    TLanes.Load(row), TLanes.Load(row + lanes), TLanes.Load(row + 2 * lanes),
                    TLanes.Load(row + 3 * lanes), TLanes.Load(row + 4 * lanes), TLanes.Load(row + 5 * lanes),
                    target + i * 6 * place + c, place);
            }
        }
    }

    /// <summary>
    /// y = Aᵀ m A, plus bias, rectified if asked for; of the 4x4 pixels those that belong to the image are stored.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(
        float* product, nint place, int filters, float* y, nint rowStride, nint columnStride, int rows, int columns,
        float* bias, bool relu)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int f = 0; f < filters; f += lanes)
        {
            for (int j = 0; j < 6; j++)
            {
                float* m = product + j * place + f;
                WinogradTransforms<TLanes, TVector>.Output(
                    TLanes.Load(m), TLanes.Load(m + 6 * place), TLanes.Load(m + 12 * place),
                    TLanes.Load(m + 18 * place), TLanes.Load(m + 24 * place), TLanes.Load(m + 30 * place),
                    out var h0, out var h1, out var h2, out var h3);
                float* column = half + j * lanes;
                TLanes.Store(h0, column);
                TLanes.Store(h1, column + 6 * lanes);
                TLanes.Store(h2, column + 12 * lanes);
                TLanes.Store(h3, column + 18 * lanes);
            }

            var shift = bias is null ? default : TLanes.Load(bias + f);
            for (int i = 0; i < rows; i++)
            {
                float* row = half + i * 6 * lanes;
                WinogradTransforms<TLanes, TVector>.Output(
                    TLanes.Load(row), TLanes.Load(row + lanes), TLanes.Load(row + 2 * lanes),
                    TLanes.Load(row + 3 * lanes), TLanes.Load(row + 4 * lanes), TLanes.Load(row + 5 * lanes),
                    out var y0, out var y1, out var y2, out var y3);
                float* pixel = y + i * rowStride + f;
                Finish(y0, shift, relu, pixel);
                if (columns > 1) Finish(y1, shift, relu, pixel + columnStride);
                if (columns > 2) Finish(y2, shift, relu, pixel + 2 * columnStride);
                if (columns > 3) Finish(y3, shift, relu, pixel + 3 * columnStride);
            }
        }
    }

    /// <summary>
    /// target = A dy Aᵀ for the 4x4 pixels of a tile, each at its own address; filters go into panels, <paramref name="panel"/> apart.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradient(float** pixels, int filters, float* target, nint place, nint panel)
    {
        float* room = stackalloc float[Corner];
        float* half = Align(room);
        int lanes = TLanes.Count;
        for (int f = 0; f < filters; f += lanes)
        {
            for (int j = 0; j < 4; j++)
            {
                WinogradTransforms<TLanes, TVector>.OutputGradient(
                    TLanes.Load(pixels[j] + f), TLanes.Load(pixels[4 + j] + f),
                    TLanes.Load(pixels[8 + j] + f), TLanes.Load(pixels[12 + j] + f),
                    half + j * lanes, 4 * lanes);
            }

            float* packed = target + f / (2 * lanes) * panel + f % (2 * lanes);
            for (int i = 0; i < 6; i++)
            {
                float* row = half + i * 4 * lanes;
                WinogradTransforms<TLanes, TVector>.OutputGradient(
                    TLanes.Load(row), TLanes.Load(row + lanes), TLanes.Load(row + 2 * lanes), TLanes.Load(row + 3 * lanes),
                    packed + i * 6 * place, place);
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
    private static void Finish(TVector sum, TVector bias, bool relu, float* y)
    {
        var value = TLanes.Add(sum, bias);
        TLanes.Store(relu ? TLanes.Relu(value) : value, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Align(float* room) => (float*)(((nint)room + 63) & ~63);
}
