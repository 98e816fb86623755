using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>A block of a product: as many tiles as it takes, and the ragged edge.</summary>
internal static unsafe class ProductBlock<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>The largest tile there is, in floats: 14 rows by two vectors of 16.</summary>
    private const int MostTileFloats = 14 * 32;

    private const int FloatsOfLine = 16;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>
    /// c [rows, columns] = a · b by the shape's rules. Panel by panel, so that a panel is read from the nearest cache for all
    /// rows. <see cref="TileShape.BStep"/> is taken from the panels. While it multiplies it asks for what is <paramref name="ahead"/>;
    /// if that is nothing, for the next panel.
    /// </summary>
    [SkipLocalsInit]
    public static void Run(int rows, int columns, TileShape shape, float* a, in Panels b, float* c, float* bias, Ahead ahead = default)
    {
        if (rows == 0)
        {
            return;
        }

        float* room = stackalloc float[MostTileFloats + FloatsOfLine];
        shape.Sums = (float*)(((nint)room + (FloatsOfLine * sizeof(float)) - 1) & -(FloatsOfLine * sizeof(float)));
        shape.BStep = b.Step;
        bool asksForPanels = ahead.Lines == 0 && b.Step == TileColumns;
        float* panel = b.First;
        int column = 0;
        for (; column + TileColumns <= columns; column += TileColumns, panel += b.Stride)
        {
            float* biasOfColumn = bias is null ? null : bias + column;
            int done = b.Marks.Claim(column / TileColumns) ? Pack(rows, shape, a, b, column, panel, c + column, biasOfColumn) : 0;
            bool isLast = column + 2 * TileColumns > columns;
            if (asksForPanels)
            {
                ahead = !isLast || b.FollowEachOther ? NextPanel(rows, shape.Depth, panel + b.Stride) : default;
            }

            ComingRows coming = default;
            if (!b.IsTransposed && (!isLast || b.UnpackedFollows) && b.Marks.IsFree(column / TileColumns + 1))
            {
                int times = Chunks.Cover(rows - done, TLanes.TileRows) * (shape.Depth / ProductTile<TLanes, TVector>.StepsPerRowOfC);
                coming = new ComingRows(b.Unpacked + column + TileColumns, shape.Depth, b.UnpackedStep, times);
            }

            var rest = shape;
            if (done > 0)
            {
                rest.MoveDown();
            }

            Column(rows - done, rest, a + done * shape.ARow, panel, c + column + done * shape.CRow, biasOfColumn, ref ahead, &coming);
            shape.Copies = false;
        }

        if (shape.Streams && Sse.IsSupported)
        {
            Sse.StoreFence();
        }

        if (column == columns)
        {
            return;
        }

        if (b.Marks.Claim(column / TileColumns))
        {
            PackBefore(shape.Depth, b, column, columns - column, panel);
        }

        if (b.Partial is not null)
        {
            panel = b.Partial;
            shape.BStep = TileColumns;
        }

        PartialColumn(rows, columns - column, shape, a, panel, c + column, bias is null ? null : bias + column);
    }

    /// <summary>The next tile's rows: tiles of nearly equal height, for a low one would leave the multipliers idle.</summary>
    private static int NextRows(int rows) => Chunks.Even(rows, TLanes.TileRows);

    /// <summary>Packs a panel while its first tile multiplies, or before if b is transposed; returns the rows that are done.</summary>
    private static int Pack(
        int rows, in TileShape shape, float* a, in Panels b, int column, float* panel, float* c, float* bias)
    {
        if (b.IsTransposed)
        {
            PackBefore(shape.Depth, b, column, TileColumns, panel);
            return 0;
        }

        int take = NextRows(rows);
        ProductTile<TLanes, TVector>.RunAndPack(
            take, shape with { BStep = b.UnpackedStep }, a, b.Unpacked + column, c, bias, panel);
        b.Marks.SetPacked(column / TileColumns);
        return take;
    }

    private static void PackBefore(int depth, in Panels b, int column, int columns, float* panel)
    {
        float* source = b.Unpacked + column * (b.IsTransposed ? b.UnpackedStep : 1);
        PanelPacking<TLanes, TVector>.PackAsStored(b.IsTransposed, panel, b.Stride, source, b.UnpackedStep, depth, columns);
        b.Marks.SetPacked(column / TileColumns);
    }

    /// <summary>A panel, to be asked for by all tiles of the one before it, each a part.</summary>
    private static Ahead NextPanel(int rows, int depth, float* panel)
    {
        int tiles = Chunks.Cover(rows, TLanes.TileRows);
        int step = Chunks.Cover(TileColumns, tiles);
        return new Ahead { First = panel, Step = step, Line = step * (nint)depth, Lines = tiles };
    }

    private static void Column(int rows, TileShape shape, float* a, float* panel, float* c, float* bias, ref Ahead ahead, ComingRows* coming)
    {
        while (rows > 0)
        {
            int take = NextRows(rows);
            // What is asked for must be memory: else it is looked up in vain at every step.
            bool isAhead = ahead.Lines > 0;
            ProductTile<TLanes, TVector>.Run(take, shape, a, panel, c, bias, isAhead ? ahead.First : a, isAhead ? ahead.Step : 0, coming);
            ahead.First += ahead.Line;
            ahead.Lines--;
            shape.MoveDown();
            a += take * shape.ARow;
            c += take * shape.CRow;
            rows -= take;
        }
    }

    /// <summary>A panel that is not full: whole tiles to where parts of their sums are, from there what belongs to c.</summary>
    private static void PartialColumn(int rows, int columns, in TileShape shape, float* a, float* panel, float* c, float* bias)
    {
        float* tile = shape.Sums;
        var inner = shape with { CRow = TileColumns, Accumulate = false, Scale = 0, Relu = false, Streams = false };
        while (rows > 0)
        {
            int take = NextRows(rows);
            ProductTile<TLanes, TVector>.Run(take, inner, a, panel, tile, null, a, 0);
            for (int row = 0; row < take; row++)
            {
                Finish(columns, shape, tile + row * TileColumns, c + row * shape.CRow, bias);
            }

            inner.MoveDown();
            a += take * shape.ARow;
            c += take * shape.CRow;
            rows -= take;
        }
    }

    private static void Finish(int columns, in TileShape shape, float* sums, float* c, float* bias)
    {
        int column = 0;
        for (; column + Vector128<float>.Count <= columns; column += Vector128<float>.Count)
        {
            var sum = Vector128.Load(sums + column);
            sum = shape.Scale != 0 ? sum * shape.Scale : sum;
            sum = shape.Accumulate ? sum + Vector128.Load(c + column) : sum;
            sum = bias is not null ? sum + Vector128.Load(bias + column) : sum;
            (shape.Relu ? Vector128.MaxNative(Vector128<float>.Zero, sum) : sum).Store(c + column);
        }

        for (; column < columns; column++)
        {
            float sum = sums[column];
            sum = shape.Scale != 0 ? sum * shape.Scale : sum;
            sum = shape.Accumulate ? sum + c[column] : sum;
            sum = bias is not null ? sum + bias[column] : sum;
            c[column] = shape.Relu ? MathF.Max(0, sum) : sum;
        }
    }
}
