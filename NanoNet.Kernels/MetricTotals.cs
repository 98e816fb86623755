using System.Runtime.InteropServices;

namespace NanoNet.Kernels;

/// <summary>
/// Running totals over batches, kept on the device and read when shown: 16 bytes, as the backends lay them out.
/// </summary>
/// <remarks>
/// The loss is the unevaluated sum of two floats: each addition's rounding error goes into the second (Knuth's TwoSum), so
/// 60,000 losses sum to nearly double precision on devices that have no doubles.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct MetricTotals
{
    /// <summary>The loss summed over all rows, high part.</summary>
    public float LossHigh;

    /// <summary>The loss summed over all rows, low part.</summary>
    public float LossLow;

    /// <summary>How many rows were classified correctly.</summary>
    public int Correct;

    /// <summary>How many rows were seen.</summary>
    public int Rows;

    /// <summary>The mean loss a row.</summary>
    public readonly double Loss => ((double)LossHigh + LossLow) / Rows;

    /// <summary>The share of rows classified correctly.</summary>
    public readonly double Accuracy => (double)Correct / Rows;
}
