using System.Runtime.CompilerServices;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The transforms of Winograd's F(4x4, 3x3), one axis at a time, one vector of channels at a time: y = Aᵀ[(G g) ⊙ (Bᵀ d)] for six inputs d,
/// three taps g and four outputs y.
/// </summary>
/// <remarks>
/// The interpolation points are 0, 1, −1, 2, −2 and ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).
/// Six products give what would take twelve; in two dimensions 36 give what would take 144. The gradient for the taps is the same
/// bilinear form read the other way: dg = Gᵀ[(A dy) ⊙ (Bᵀ d)]. Results go to <c>target</c>, <c>stride</c> floats apart.
/// </remarks>
internal static unsafe class WinogradTransforms<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Bᵀ d: six of the input to six of the product.</summary>
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
