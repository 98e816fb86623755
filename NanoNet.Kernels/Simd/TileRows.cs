namespace NanoNet.Kernels.Simd;

/// <summary>The number of rows of a product tile as a type, so that the JIT compiles one kernel for each.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct TileRows1 : ITileRows
{
    public static int Count => 1;
}

internal readonly struct TileRows2 : ITileRows
{
    public static int Count => 2;
}

internal readonly struct TileRows3 : ITileRows
{
    public static int Count => 3;
}

internal readonly struct TileRows4 : ITileRows
{
    public static int Count => 4;
}

internal readonly struct TileRows5 : ITileRows
{
    public static int Count => 5;
}

internal readonly struct TileRows6 : ITileRows
{
    public static int Count => 6;
}

internal readonly struct TileRows7 : ITileRows
{
    public static int Count => 7;
}

internal readonly struct TileRows8 : ITileRows
{
    public static int Count => 8;
}

internal readonly struct TileRows9 : ITileRows
{
    public static int Count => 9;
}

internal readonly struct TileRows10 : ITileRows
{
    public static int Count => 10;
}

internal readonly struct TileRows11 : ITileRows
{
    public static int Count => 11;
}

internal readonly struct TileRows12 : ITileRows
{
    public static int Count => 12;
}

internal readonly struct TileRows13 : ITileRows
{
    public static int Count => 13;
}

internal readonly struct TileRows14 : ITileRows
{
    public static int Count => 14;
}
