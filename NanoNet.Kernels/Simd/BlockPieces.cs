namespace NanoNet.Kernels.Simd;

/// <summary>The pieces of a block of c that threads take one after the other: some rows by some columns each.</summary>
/// <remarks>
/// The last rows go in small pieces, so that threads end at nearly the same time: guided self-scheduling (Polychronopoulos and
/// Kuck, 1987). The cut follows from the sizes alone, never from the number of threads.
/// </remarks>
internal readonly struct BlockPieces
{
    /// <summary>Floats of a in a piece, 192 KB: they stay in a core's second-level cache with a panel of b or two.</summary>
    private const int FloatsOfA = 48 * 1024;

    /// <summary>Columns of a piece: its rows of a, once near, are used for so many.</summary>
    private const int MostColumns = 2048;

    /// <summary>Rows of a small piece.</summary>
    private const int LeastRows = 24;

    private const int LeastColumns = 64;

    /// <summary>With fewer pieces than this, two or four threads would wait for each other.</summary>
    private const int EnoughPieces = 12;

    private readonly int _allRows;
    private readonly int _allColumns;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _large;

    /// <summary>Cuts a block.</summary>
    /// <param name="rows">Rows of c.</param>
    /// <param name="columns">Columns of c in the block.</param>
    /// <param name="depth">Steps of the sum in the block.</param>
    public BlockPieces(int rows, int columns, int depth)
    {
        _allRows = rows;
        _allColumns = columns;
        _rows = MostRows(depth);
        _columns = MostColumns;
        _large = LargePieces(rows, _rows);
        while (Count < EnoughPieces && _rows * _columns > LeastRows * LeastColumns)
        {
            if (_columns > 2 * _rows)
            {
                _columns /= 2;
            }
            else
            {
                _rows /= 2;
            }

            _large = LargePieces(rows, _rows);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => RowPieces * ColumnPieces;

    /// <summary>
    /// Rows of a large piece, a multiple of every tile's height: a panel of b, once near, is used for so many.
    /// </summary>
    public static int MostRows(int depth) => 96 * depth <= FloatsOfA ? 96 : 48;

    private int RowPieces => _large + Chunks.Cover(_allRows - _large * _rows, LeastRows);

    private int ColumnPieces => Chunks.Cover(_allColumns, _columns);

    /// <summary>One of them.</summary>
    public void At(int index, out int row, out int rows, out int column, out int columns)
    {
        int place = index / ColumnPieces;
        bool isLarge = place < _large;
        row = isLarge ? place * _rows : _large * _rows + (place - _large) * LeastRows;
        rows = Math.Min(isLarge ? _rows : LeastRows, _allRows - row);
        column = index % ColumnPieces * _columns;
        columns = Math.Min(_columns, _allColumns - column);
    }

    /// <summary>Three quarters of the rows.</summary>
    private static int LargePieces(int allRows, int rows) => allRows / 4 * 3 / rows;
}
