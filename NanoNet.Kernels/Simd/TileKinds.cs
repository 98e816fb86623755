namespace NanoNet.Kernels.Simd;

/// <summary>What a product tile does beside multiplying, as a type, so that the JIT compiles a kernel for each.</summary>
internal interface ITileKind
{
    /// <summary>Whether it asks for rows of c while the sum runs, so that they are near when it is stored.</summary>
    static abstract bool AsksForC { get; }

    /// <summary>Whether it packs the panel of b that it reads.</summary>
    static abstract bool Packs { get; }
}

/// <summary>Sums that begin so soon after the last that c is near, or ask for all of it with their first part.</summary>
internal readonly struct TileOfShortSums : ITileKind
{
    public static bool AsksForC => false;

    public static bool Packs => false;
}

internal readonly struct TileOfLongSums : ITileKind
{
    public static bool AsksForC => true;

    public static bool Packs => false;
}

internal readonly struct TileThatPacks : ITileKind
{
    public static bool AsksForC => true;

    public static bool Packs => true;
}
