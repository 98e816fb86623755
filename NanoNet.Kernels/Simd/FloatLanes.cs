using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The ends of rows that do not fill a vector. They pass through the same vector arithmetic, padded with zeros, instead
/// of a scalar loop: an element's bits then never depend on where in its row it stands.
/// </summary>
internal static unsafe class FloatLanes
{
    /// <summary>Floats of a vector.</summary>
    public const int Count = 8;

    /// <summary>
    /// The first <paramref name="count"/> (0 to 8) floats; the other lanes are zero, and their memory is not read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int count)
    {
        if (Avx2.IsSupported)
        {
            return Avx.MaskLoad(source, First(count));
        }

        Vector256<float> lanes = default;
        Unsafe.CopyBlockUnaligned(&lanes, source, (uint)count * sizeof(float));
        return lanes;
    }

    /// <summary>Stores the first <paramref name="count"/> (0 to 8) lanes and touches no memory after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Vector256<float> lanes, int count)
    {
        if (count >= Count)
        {
            lanes.Store(target);
        }
        else if (Avx2.IsSupported)
        {
            // Slow on some machines even when the mask is full: only for ends.
            Avx.MaskStore(target, First(count), lanes);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(target, &lanes, (uint)count * sizeof(float));
        }
    }

    /// <summary>The first <paramref name="count"/> floats; the other lanes are <paramref name="filler"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source, int count, float filler) =>
        Vector256.ConditionalSelect(First(count), Load(source, count), Vector256.Create(filler));

    /// <summary>Adds eight floats to four double lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> AddWide(Vector256<double> sum, Vector256<float> lanes)
    {
        var (lower, upper) = Vector256.Widen(lanes);
        return sum + (lower + upper);
    }

    /// <summary>The largest lane; there must be no NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> lanes)
    {
        var four = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    // All bits set in the first lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
