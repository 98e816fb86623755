namespace NanoNet.Kernels.Simd;

/// <summary>What a product tile does beside multiplying, as a type, so that the JIT compiles a kernel for each.</summary>
internal interface ITileKind
{
    /// <summary>
    /// Whether a sum is long enough to ask for rows of c while it runs, so that they are near when it is stored, and to add up its
    /// parts in <see cref="TileShape.Sums"/>.
    /// </summary>
    static abstract bool IsLong { get; }

    /// <summary>Whether it packs the panel of b that it reads.</summary>
    static abstract bool Packs { get; }

    /// <summary>Whether it makes <see cref="TileShape.Copied"/>, a few steps before it reads them.</summary>
    static abstract bool Copies { get; }
}

/// <summary>Sums that begin so soon after the last that c is near: parts are added up there.</summary>
internal readonly struct TileOfShortSums : ITileKind
{
    public static bool IsLong => false;

    public static bool Packs => false;

    public static bool Copies => false;
}

internal readonly struct TileOfLongSums : ITileKind
{
    public static bool IsLong => true;

    public static bool Packs => false;

    public static bool Copies => false;
}

internal readonly struct TileThatPacks : ITileKind
{
    public static bool IsLong => true;

    public static bool Packs => true;

    public static bool Copies => false;
}

internal readonly struct TileThatCopies : ITileKind
{
    public static bool IsLong => true;

    public static bool Packs => false;

    public static bool Copies => true;
}

internal readonly struct TileThatPacksAndCopies : ITileKind
{
    public static bool IsLong => true;

    public static bool Packs => true;

    public static bool Copies => true;
}
