using System.Runtime.CompilerServices;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The transforms of Winograd's F(m, 3), m = 4, 3 or 2, one axis at a time, one vector of channels at a time: y = Aᵀ[(G g) ⊙ (Bᵀ d)] for
/// m + 2 inputs d, three taps g and m outputs y.
/// </summary>
/// <remarks>
/// <para>The interpolation points are 0, 1, −1, 2, −2 and ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).
/// Six products give what would take twelve; in two dimensions 36 give what would take 144. The gradient for the taps is the same
/// bilinear form read the other way: dg = Gᵀ[(A dy) ⊙ (Bᵀ d)].</para>
/// <para>With fewer outputs −2 is left out, then 2. G evaluates the taps' polynomial at a point p_i, whichever the other points are, but for
/// the factor 1 / Π_{j≠i}(p_i − p_j). That is kept as it is with all points, and Bᵀ makes up for it: one kernel serves all.</para>
/// <para>Point i's result goes to <c>target</c> + i · <c>stride</c>; points left out are not written.</para>
/// </remarks>
internal static unsafe class WinogradTransforms<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Bᵀ d for four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(
        TVector d0, TVector d1, TVector d2, TVector d3, TVector d4, TVector d5, float* target, nint stride)
    {
        var minusFour = TLanes.Broadcast(-4);
        var four = TLanes.Broadcast(4);
        var minusFive = TLanes.Broadcast(-5);
        var even = TLanes.MultiplyAdd(minusFour, d2, d4);
        var odd = TLanes.MultiplyAdd(minusFour, d1, d3);
        var evenTwo = TLanes.Subtract(d4, d2);
        var half = TLanes.Subtract(d3, d1);
        var oddTwo = TLanes.Add(half, half);
        TLanes.Store(TLanes.MultiplyAdd(four, d0, TLanes.MultiplyAdd(minusFive, d2, d4)), target);
        TLanes.Store(TLanes.Add(even, odd), target + stride);
        TLanes.Store(TLanes.Subtract(even, odd), target + 2 * stride);
        TLanes.Store(TLanes.Add(evenTwo, oddTwo), target + 3 * stride);
        TLanes.Store(TLanes.Subtract(evenTwo, oddTwo), target + 4 * stride);
        TLanes.Store(TLanes.MultiplyAdd(four, d1, TLanes.MultiplyAdd(minusFive, d3, d5)), target + 5 * stride);
    }

    /// <summary>Bᵀ d for three outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(TVector d0, TVector d1, TVector d2, TVector d3, TVector d4, float* target, nint stride)
    {
        var two = TLanes.Broadcast(2);
        var four = TLanes.Broadcast(4);
        var outer = TLanes.Subtract(d0, d2);
        var inner = TLanes.Subtract(d3, d1);
        var falling = TLanes.Subtract(d3, d2);
        var twice = TLanes.Subtract(d1, d2);
        TLanes.Store(TLanes.MultiplyAdd(four, outer, TLanes.Add(inner, inner)), target);
        TLanes.Store(TLanes.Multiply(TLanes.Broadcast(3), TLanes.MultiplyAdd(TLanes.Broadcast(-2), d1, falling)), target + stride);
        TLanes.Store(TLanes.MultiplyAdd(two, twice, falling), target + 2 * stride);
        TLanes.Store(TLanes.Multiply(four, inner), target + 3 * stride);
        TLanes.Store(TLanes.MultiplyAdd(two, TLanes.Subtract(d1, d3), TLanes.Subtract(d4, d2)), target + 5 * stride);
    }

    /// <summary>Bᵀ d for two outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(TVector d0, TVector d1, TVector d2, TVector d3, float* target, nint stride)
    {
        var minusThree = TLanes.Broadcast(-3);
        TLanes.Store(TLanes.Multiply(TLanes.Broadcast(4), TLanes.Subtract(d0, d2)), target);
        TLanes.Store(TLanes.Multiply(minusThree, TLanes.Add(d1, d2)), target + stride);
        TLanes.Store(TLanes.Multiply(minusThree, TLanes.Subtract(d2, d1)), target + 2 * stride);
        TLanes.Store(TLanes.Subtract(d3, d1), target + 5 * stride);
    }

    /// <summary>Aᵀ m: six of the product to four of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(
        TVector m0, TVector m1, TVector m2, TVector m3, TVector m4, TVector m5,
        out TVector y0, out TVector y1, out TVector y2, out TVector y3)
    {
        var sum = TLanes.Add(m1, m2);
        var difference = TLanes.Subtract(m1, m2);
        var sumTwo = TLanes.Add(m3, m4);
        var differenceTwo = TLanes.Subtract(m3, m4);
        y0 = TLanes.Add(m0, TLanes.Add(sum, sumTwo));
        y1 = TLanes.MultiplyAdd(TLanes.Broadcast(2), differenceTwo, difference);
        y2 = TLanes.MultiplyAdd(TLanes.Broadcast(4), sumTwo, sum);
        y3 = TLanes.Add(m5, TLanes.MultiplyAdd(TLanes.Broadcast(8), differenceTwo, difference));
    }

    /// <summary>Aᵀ m: five of the product to three of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(
        TVector m0, TVector m1, TVector m2, TVector m3, TVector m5, out TVector y0, out TVector y1, out TVector y2)
    {
        var sum = TLanes.Add(m1, m2);
        y0 = TLanes.Add(TLanes.Add(m0, sum), m3);
        y1 = TLanes.MultiplyAdd(TLanes.Broadcast(2), m3, TLanes.Subtract(m1, m2));
        y2 = TLanes.Add(m5, TLanes.MultiplyAdd(TLanes.Broadcast(4), m3, sum));
    }

    /// <summary>Aᵀ m: four of the product to two of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(TVector m0, TVector m1, TVector m2, TVector m5, out TVector y0, out TVector y1)
    {
        y0 = TLanes.Add(m0, TLanes.Add(m1, m2));
        y1 = TLanes.Add(m5, TLanes.Subtract(m1, m2));
    }

    /// <summary>G g: three taps to six of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel(TVector g0, TVector g1, TVector g2, float* target, nint stride)
    {
        var sixth = TLanes.Broadcast(1f / 6);
        var outer = TLanes.Multiply(TLanes.Broadcast(-1f / 6), TLanes.Add(g0, g2));
        var inner = TLanes.Multiply(sixth, g1);
        var outerTwo = TLanes.MultiplyAdd(TLanes.Broadcast(1f / 24), g0, TLanes.Multiply(sixth, g2));
        var innerTwo = TLanes.Multiply(TLanes.Broadcast(1f / 12), g1);
        TLanes.Store(TLanes.Multiply(TLanes.Broadcast(0.25f), g0), target);
        TLanes.Store(TLanes.Subtract(outer, inner), target + stride);
        TLanes.Store(TLanes.Add(outer, inner), target + 2 * stride);
        TLanes.Store(TLanes.Add(outerTwo, innerTwo), target + 3 * stride);
        TLanes.Store(TLanes.Subtract(outerTwo, innerTwo), target + 4 * stride);
        TLanes.Store(g2, target + 5 * stride);
    }

    /// <summary>A dy: four of the output's gradient to six of the product's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient(TVector y0, TVector y1, TVector y2, TVector y3, float* target, nint stride)
    {
        var even = TLanes.Add(y0, y2);
        var odd = TLanes.Add(y1, y3);
        var evenTwo = TLanes.MultiplyAdd(TLanes.Broadcast(4), y2, y0);
        var half = TLanes.MultiplyAdd(TLanes.Broadcast(4), y3, y1);
        var oddTwo = TLanes.Add(half, half);
        TLanes.Store(y0, target);
        TLanes.Store(TLanes.Add(even, odd), target + stride);
        TLanes.Store(TLanes.Subtract(even, odd), target + 2 * stride);
        TLanes.Store(TLanes.Add(evenTwo, oddTwo), target + 3 * stride);
        TLanes.Store(TLanes.Subtract(evenTwo, oddTwo), target + 4 * stride);
        TLanes.Store(y3, target + 5 * stride);
    }

    /// <summary>A dy: three of the output's gradient to five of the product's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient(TVector y0, TVector y1, TVector y2, float* target, nint stride)
    {
        var even = TLanes.Add(y0, y2);
        var evenTwo = TLanes.MultiplyAdd(TLanes.Broadcast(4), y2, y0);
        TLanes.Store(y0, target);
        TLanes.Store(TLanes.Add(even, y1), target + stride);
        TLanes.Store(TLanes.Subtract(even, y1), target + 2 * stride);
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(2), y1, evenTwo), target + 3 * stride);
        TLanes.Store(y2, target + 5 * stride);
    }

    /// <summary>A dy: two of the output's gradient to four of the product's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient(TVector y0, TVector y1, float* target, nint stride)
    {
        TLanes.Store(y0, target);
        TLanes.Store(TLanes.Add(y0, y1), target + stride);
        TLanes.Store(TLanes.Subtract(y0, y1), target + 2 * stride);
        TLanes.Store(y1, target + 5 * stride);
    }

    /// <summary>Gᵀ p: six of the product's gradient to three of the taps'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelGradient(
        TVector p0, TVector p1, TVector p2, TVector p3, TVector p4, TVector p5, float* target, nint stride)
    {
        var sixth = TLanes.Broadcast(1f / 6);
        var sum = TLanes.Multiply(TLanes.Broadcast(-1f / 6), TLanes.Add(p1, p2));
        var difference = TLanes.Multiply(sixth, TLanes.Subtract(p2, p1));
        var sumTwo = TLanes.Add(p3, p4);
        var differenceTwo = TLanes.Subtract(p3, p4);
        var first = TLanes.MultiplyAdd(TLanes.Broadcast(1f / 24), sumTwo, sum);
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(0.25f), p0, first), target);
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(1f / 12), differenceTwo, difference), target + stride);
        TLanes.Store(TLanes.Add(p5, TLanes.MultiplyAdd(sixth, sumTwo, sum)), target + 2 * stride);
    }
}
