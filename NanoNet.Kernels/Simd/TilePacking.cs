namespace NanoNet.Kernels.Simd;

/// <summary>Whether a product tile packs the panel of b that it reads, as a type, so that the JIT compiles a kernel for each.</summary>
internal interface ITilePacking
{
    static abstract bool Packs { get; }
}

internal readonly struct TileOnly : ITilePacking
{
    public static bool Packs => false;
}

internal readonly struct TileThatPacks : ITilePacking
{
    public static bool Packs => true;
}
