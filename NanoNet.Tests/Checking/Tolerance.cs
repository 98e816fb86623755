namespace NanoNet.Tests.Checking;

/// <summary>
/// How far float32 results may be from the exact ones, relative to the size of what was computed: by Euclidean norm over a whole
/// tensor, and for the worst element.
/// </summary>
/// <remarks>
/// <para>With u = 2⁻²⁴, half the distance from 1 to the next float, every operation is off by at most u of its result. In a sum of
/// K terms each of the K partial sums is rounded; these errors are independent, so they grow as √K, not as K: a float sum added
/// in order has a root-mean-square error of about 0.4 u √K of its size, and a blocked or pairwise one less. What else is rounded
/// on the way (a product, a bias, a quotient) adds about u each.</para>
/// <para>The bounds are five times that for the norm. The largest of N normal errors is √(2 ln N) times their root mean square, 5.5
/// for a million, so the worst element may be off by eight times the norm's bound.</para>
/// </remarks>
/// <param name="Norm">Bound for the Euclidean norm of the errors over that of the sizes.</param>
/// <param name="Max">Bound for the largest error over the largest size.</param>
internal readonly record struct Tolerance(double Norm, double Max)
{
    /// <summary>u, float32's unit roundoff.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>
    /// How much larger rounding errors are in Winograd's F(4x4, 3x3) than in a direct convolution.
    /// </summary>
    /// <remarks>
    /// Its outputs are sums of transformed products that are larger than the output and cancel. With inputs and weights of
    /// variance 1 the terms of output row i of the one-dimensional transform have the root mean square (Σ_k A²_ik |G_k|² |B_k|²)^½:
    /// 3.0, 2.9, 4.2 and 9.7 for the four rows, against √3 directly. That is a factor 3.3 in the mean and 5.6 for the worst row,
    /// and the square of it in two dimensions.
    /// </remarks>
    public const double Winograd = 11;

    /// <summary>What is added where operands are rounded to TF32.</summary>
    /// <remarks>
    /// An operand is off by at most 2⁻¹¹ of its size, 0.4 times that in the root mean square, a product of two by √2 times as much,
    /// and so is their sum, whose size grows as its error does: 2.8e-4. The bound is not quite twice that.
    /// </remarks>
    public static Tolerance Tf32 => new(1.0 / (1 << 11), WorstToNorm / (1 << 11));

    private const double Headroom = 5;
    private const double WorstToNorm = 8;

    /// <summary>Not a bit may differ.</summary>
    public static Tolerance Exact => default;

    /// <summary>For results that are rounded a few times, an exponential or a logarithm counting as four.</summary>
    public static Tolerance Rounded(double roundings) => Sum(0, roundings);

    /// <summary>Both.</summary>
    public static Tolerance operator +(Tolerance a, Tolerance b) => new(a.Norm + b.Norm, a.Max + b.Max);

    /// <summary>For sums.</summary>
    /// <param name="terms">The longest sum behind an element.</param>
    /// <param name="roundings">Roundings besides those of the sum.</param>
    /// <param name="amplification">How much larger than the result the terms are that an algorithm adds.</param>
    public static Tolerance Sum(double terms, double roundings = 1, double amplification = 1)
    {
        double norm = Headroom * Unit * ((0.4 * Math.Sqrt(terms) * amplification) + roundings);
        return new(norm, norm * WorstToNorm);
    }
}
