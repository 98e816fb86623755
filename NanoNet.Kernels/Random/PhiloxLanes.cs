using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Random;

/// <summary>
/// <see cref="Philox"/> for eight blocks at a time whose counters differ in their first word: the same integers, in the
/// order that a loop over the blocks would give them.
/// </summary>
/// <remarks>
/// A block's round needs two 32x32→64 multiplications, so each 64-bit lane holds one word of one block in its lower
/// half. The upper halves are left to collect rubbish: multiplications ignore them, and the end drops them. Two groups
/// of four blocks run side by side to hide the multiplications' latency.
/// </remarks>
internal readonly struct PhiloxLanes(uint counter1, uint counter2, uint counter3, uint key0, uint key1)
{
    /// <summary>Integers a call.</summary>
    public const int Count = 32;

    /// <summary>
    /// The integers of blocks <paramref name="block"/> to <paramref name="block"/> + 7, eight a vector.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(
        uint block,
        out Vector256<uint> bits0,
        out Vector256<uint> bits1,
        out Vector256<uint> bits2,
        out Vector256<uint> bits3)
    {
        // Blocks 0, 2, 1, 3: Interleave, which takes even lanes then odd ones, puts them in order.
        var blocks = Vector256.Create(block) + Vector256.Create(0u, 0, 2, 0, 1, 0, 3, 0);
        var a0 = blocks.AsUInt64();
        var b0 = (blocks + Vector256.Create(4u)).AsUInt64();
        var a1 = Vector256.Create((ulong)counter1);
        var a2 = Vector256.Create((ulong)counter2);
        var a3 = Vector256.Create((ulong)counter3);
        var b1 = a1;
        var b2 = a2;
        var b3 = a3;
        var roundKey0 = Vector256.Create(key0);
        var roundKey1 = Vector256.Create(key1);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Round(ref a0, ref a1, ref a2, ref a3, roundKey0.AsUInt64(), roundKey1.AsUInt64());
            Round(ref b0, ref b1, ref b2, ref b3, roundKey0.AsUInt64(), roundKey1.AsUInt64());
            roundKey0 += Vector256.Create(Philox.Weyl0);
            roundKey1 += Vector256.Create(Philox.Weyl1);
        }

        (bits0, bits1) = Interleave(a0, a1, a2, a3);
        (bits2, bits3) = Interleave(b0, b1, b2, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> c0, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3,
        Vector256<ulong> key0, Vector256<ulong> key1)
    {
        var product0 = MultiplyLow(c0, Philox.Multiplier0);
        var product1 = MultiplyLow(c2, Philox.Multiplier1);
        c0 = (product1 >> 32) ^ (c1 ^ key0);
        c1 = product1;
        c2 = (product0 >> 32) ^ (c3 ^ key1);
        c3 = product0;
    }

    // The lower half of each lane times a constant, all 64 bits of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyLow(Vector256<ulong> lanes, uint factor) => Avx2.IsSupported
        ? Avx2.Multiply(lanes.AsUInt32(), Vector256.Create(factor))
        : (lanes & Vector256.Create((ulong)uint.MaxValue)) * Vector256.Create((ulong)factor);

    // From words by lane (blocks 0, 2, 1, 3) to blocks one after the other: x0 y0 z0 w0 x1 y1 z1 w1, then blocks 2 and
    // 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> Lower, Vector256<uint> Upper) Interleave(
        Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> z, Vector256<ulong> w)
    {
        var low = Vector256.Create((ulong)uint.MaxValue);
        var xy = (x & low) | (y << 32);
        var zw = (z & low) | (w << 32);
        var evenLanes = Vector256.Create(ulong.MaxValue, 0, ulong.MaxValue, 0);
        var lower = Vector256.ConditionalSelect(evenLanes, xy, Vector256.Shuffle(zw, Vector256.Create(0UL, 0, 2, 2)));
        var upper = Vector256.ConditionalSelect(evenLanes, Vector256.Shuffle(xy, Vector256.Create(1UL, 1, 3, 3)), zw);
        return (lower.AsUInt32(), upper.AsUInt32());
    }
}
