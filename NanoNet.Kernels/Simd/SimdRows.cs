using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Simd;

/// <summary>Reductions of one row of neighbouring elements, for the kernels that work by rows.</summary>
internal static unsafe class SimdRows
{
    /// <summary>
    /// The sum of neighbouring elements: four at a time in float, then in double. Row sums end up on screens.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(float* x, int count)
    {
        var sum = Vector256<double>.Zero;
        nint i = 0;
        for (; i + (4 * FloatLanes.Count) <= count; i += 4 * FloatLanes.Count)
        {
            var even = Vector256.Load(x + i) + Vector256.Load(x + i + 8);
            var odd = Vector256.Load(x + i + 16) + Vector256.Load(x + i + 24);
            sum = FloatLanes.AddWide(sum, even + odd);
        }

        for (; i < count; i += FloatLanes.Count)
        {
            sum = FloatLanes.AddWide(sum, FloatLanes.Load(x + i, (int)Math.Min(FloatLanes.Count, count - i)));
        }

        return Vector256.Sum(sum);
    }

    /// <summary>The largest of neighbouring elements; NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int count)
    {
        // The machine's own maximum drops NaN or not, depending on the operands' order; they are watched for apart.
        var largest = Vector256.Create(float.NegativeInfinity);
        var isNaN = Vector256<float>.Zero;
        nint i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            var value = Vector256.Load(x + i);
            largest = Vector256.MaxNative(largest, value);
            isNaN |= Vector256.IsNaN(value);
        }

        if (i < count)
        {
            var value = FloatLanes.Load(x + i, (int)(count - i), float.NegativeInfinity);
            largest = Vector256.MaxNative(largest, value);
            isNaN |= Vector256.IsNaN(value);
        }

        return isNaN.AsInt32() == Vector256<int>.Zero ? FloatLanes.Max(largest) : float.NaN;
    }

    /// <summary>
    /// The position of the first largest of neighbouring elements: NaN is never chosen unless it comes first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ArgMax(float* x, int count)
    {
        float max = Max(x, count);
        if (float.IsNaN(max))
        {
            return ArgMaxWithNaN(x, count);
        }

        var largest = Vector256.Create(max);
        int i = 0;
        for (; i + FloatLanes.Count <= count; i += FloatLanes.Count)
        {
            uint found = Vector256.Equals(Vector256.Load(x + i), largest).ExtractMostSignificantBits();
            if (found != 0)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
        }

        // It is among the rest: the bits of the padding lie above it and do no harm.
        var rest = Vector256.Equals(FloatLanes.Load(x + i, count - i), largest);
        return i + BitOperations.TrailingZeroCount(rest.ExtractMostSignificantBits());
    }

    private static int ArgMaxWithNaN(float* x, int count)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
        {
            best = x[i] > x[best] ? i : best;
        }

        return best;
    }
}
