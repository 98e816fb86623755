namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Six points of a transformed line, or six neighbouring pixels: fields, because ILGPU keeps no array in registers.
/// </summary>
internal struct Six(float p0, float p1, float p2, float p3, float p4, float p5)
{
    public float P0 = p0;
    public float P1 = p1;
    public float P2 = p2;
    public float P3 = p3;
    public float P4 = p4;
    public float P5 = p5;

    public static Six Add(Six a, Six b) =>
        new(a.P0 + b.P0, a.P1 + b.P1, a.P2 + b.P2, a.P3 + b.P3, a.P4 + b.P4, a.P5 + b.P5);
}

/// <summary>
/// The transforms of Winograd's F(4, 3) along one line: y = Aᵀ[(G g) ⊙ (Bᵀ d)] for six inputs d, three taps g and four
/// outputs y. In two dimensions each runs down all columns, then along all rows.
/// </summary>
/// <remarks>
/// The interpolation points are 0, 1, −1, 2, −2 and ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2015). The gradient for the taps is the same bilinear form read the other way: dg = Gᵀ[(A dy) ⊙ (Bᵀ d)].
/// </remarks>
internal static class WinogradLines
{
    /// <summary>Bᵀ d.</summary>
    public static Six Input(Six d)
    {
        float even = d.P4 - 4 * d.P2;
        float odd = d.P3 - 4 * d.P1;
        float evenTwo = d.P4 - d.P2;
        float oddTwo = 2 * (d.P3 - d.P1);
        return new(
            4 * d.P0 - 5 * d.P2 + d.P4,
            even + odd,
            even - odd,
            evenTwo + oddTwo,
            evenTwo - oddTwo,
            4 * d.P1 - 5 * d.P3 + d.P5);
    }

    /// <summary>G g.</summary>
    public static Six Filter(float g0, float g1, float g2)
    {
        float outer = -1f / 6 * (g0 + g2);
        float inner = 1f / 6 * g1;
        float outerTwo = 1f / 24 * g0 + 1f / 6 * g2;
        float innerTwo = 1f / 12 * g1;
        return new(
            0.25f * g0,
            outer - inner,
            outer + inner,
            outerTwo + innerTwo,
            outerTwo - innerTwo,
            g2);
    }

    /// <summary>Aᵀ m.</summary>
    public static Float4 Output(Six m)
    {
        float sum = m.P1 + m.P2;
        float difference = m.P1 - m.P2;
        float sumTwo = m.P3 + m.P4;
        float differenceTwo = m.P3 - m.P4;
        return new(
            m.P0 + (sum + sumTwo),
            difference + 2 * differenceTwo,
            sum + 4 * sumTwo,
            m.P5 + (difference + 8 * differenceTwo));
    }

    /// <summary>A dy.</summary>
    public static Six OutputGradient(Float4 y)
    {
        float even = y.X + y.Z;
        float odd = y.Y + y.W;
        float evenTwo = y.X + 4 * y.Z;
        float oddTwo = 2 * (y.Y + 4 * y.W);
        return new(
            y.X,
            even + odd,
            even - odd,
            evenTwo + oddTwo,
            evenTwo - oddTwo,
            y.W);
    }

    /// <summary>Gᵀ p: the gradients of the three taps, in X, Y and Z.</summary>
    public static Float4 FilterGradient(Six p)
    {
        float sum = -1f / 6 * (p.P1 + p.P2);
        float difference = 1f / 6 * (p.P2 - p.P1);
        float sumTwo = p.P3 + p.P4;
        float differenceTwo = p.P3 - p.P4;
        return new(
            0.25f * p.P0 + (1f / 24 * sumTwo + sum),
            1f / 12 * differenceTwo + difference,
            p.P5 + (1f / 6 * sumTwo + sum),
            0);
    }
}
