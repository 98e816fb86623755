using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>A block of a product: as many tiles as it takes, and the ragged edge.</summary>
internal static unsafe class ProductBlock<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>The largest tile there is, in floats: 12 rows by two vectors of 16.</summary>
    private const int MostTileFloats = 12 * 32;

    private const int FloatsOfLine = 16;

    /// <summary>
    /// Lines that are asked for before one tile. More at once fill the queue of a core's misses, and the tile waits: 128 of them, a
    /// tile's share of a panel with AVX-512, made large products several per cent slower on Zen 5 than none.
    /// </summary>
    private const int MostLinesAhead = 32;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>
    /// c [rows, columns] = a · b by the shape's rules. Panel by panel, so that a panel is read from the nearest cache for all
    /// rows. <see cref="TileShape.BStep"/> is taken from the panels.
    /// </summary>
    public static void Run(int rows, int columns, TileShape shape, float* a, in Panels b, float* c, float* bias)
    {
        shape.BStep = b.Step;
        float* panel = b.First;
        int column = 0;
        for (; column + TileColumns <= columns; column += TileColumns, panel += b.Stride)
        {
            // While one panel is multiplied the next comes nearer.
            bool hasNext = b.Step == TileColumns && column + 2 * TileColumns <= columns;
            Column(rows, shape, a, panel, c + column, bias is null ? null : bias + column, hasNext ? panel + b.Stride : null);
        }

        if (column == columns)
        {
            return;
        }

        if (b.Partial is not null)
        {
            panel = b.Partial;
            shape.BStep = TileColumns;
        }

        PartialColumn(rows, columns - column, shape, a, panel, c + column, bias is null ? null : bias + column);
    }

    /// <summary>The next tile's rows: tiles of nearly equal height, for a low one would leave the multipliers idle.</summary>
    private static int NextRows(int rows)
    {
        int tiles = (rows + TLanes.TileRows - 1) / TLanes.TileRows;
        return (rows + tiles - 1) / tiles;
    }

    private static void Column(int rows, in TileShape shape, float* a, float* panel, float* c, float* bias, float* next)
    {
        int tiles = (rows + TLanes.TileRows - 1) / TLanes.TileRows;
        nint share = next is null ? 0 : Math.Min(shape.Depth * (nint)TileColumns / tiles, MostLinesAhead * FloatsOfLine);
        while (rows > 0)
        {
            int take = NextRows(rows);
            Approach(next, share);
            next += share;
            for (int row = 0; shape.Accumulate && row < take; row++)
            {
                Approach(c + row * shape.CRow, TileColumns);
            }

            ProductTile<TLanes, TVector>.Run(take, shape, a, panel, c, bias);
            a += take * shape.ARow;
            c += take * shape.CRow;
            rows -= take;
        }
    }

    /// <summary>Asks for memory to be brought into the second-level cache, where the machine can be asked.</summary>
    private static void Approach(float* memory, nint count)
    {
        if (Sse.IsSupported)
        {
            for (nint line = 0; line < count; line += FloatsOfLine)
            {
                Sse.Prefetch1(memory + line);
            }
        }
    }

    /// <summary>A panel that is not full: whole tiles into a corner of the stack, from there what belongs to c.</summary>
    [SkipLocalsInit]
    private static void PartialColumn(int rows, int columns, in TileShape shape, float* a, float* panel, float* c, float* bias)
    {
        float* tile = stackalloc float[MostTileFloats];
        var inner = shape with { CRow = TileColumns, Accumulate = false, Relu = false };
        while (rows > 0)
        {
            int take = NextRows(rows);
            ProductTile<TLanes, TVector>.Run(take, inner, a, panel, tile, null);
            for (int row = 0; row < take; row++)
            {
                Finish(columns, shape, tile + row * TileColumns, c + row * shape.CRow, bias);
            }

            a += take * shape.ARow;
            c += take * shape.CRow;
            rows -= take;
        }
    }

    private static void Finish(int columns, in TileShape shape, float* sums, float* c, float* bias)
    {
        for (int column = 0; column < columns; column++)
        {
            float sum = sums[column];
            sum += shape.Accumulate ? c[column] : 0;
            sum += bias is not null ? bias[column] : 0;
            c[column] = shape.Relu ? MathF.Max(0, sum) : sum;
        }
    }
}
