namespace NanoNet.Kernels.Simd;

/// <summary>The pieces of a block of c: some rows by some columns each.</summary>
/// <remarks>
/// The block is cut into one field for each thread: of columns, so that a thread multiplies by the panels that it packed, or of
/// rows, if columns are few. The pieces of a field follow each other. Its last rows go in small pieces, so that threads end at
/// nearly the same time: guided self-scheduling (Polychronopoulos and Kuck, 1987). No sum depends on the cut.
/// </remarks>
internal readonly struct BlockPieces
{
    /// <summary>Floats of a in a piece, 224 KB: they stay in a core's second-level cache with a panel of b or two.</summary>
    private const int FloatsOfA = 56 * 1024;

    private const int MostRowsOfA = 112;

    private const int LeastColumns = 32;

    /// <summary>Columns of a field: fewer, and copying rows of a for each field costs more than strange panels.</summary>
    private const int EnoughColumns = 256;

    /// <summary>
    /// Sums as short as this are, as a rule, a kernel's gradient and update: by columns whatever they are, for by columns the
    /// kernel is used next.
    /// </summary>
    private const int ShortDepth = 128;

    /// <summary>Tiles, one above the other, that make a field of rows.</summary>
    private const int EnoughTiles = 4;

    /// <summary>Pieces that a field has at least, if it is not too small.</summary>
    private const int EnoughPieces = 6;

    /// <summary>Multiply-adds of a small piece: so much a thread may be behind the others.</summary>
    private const int WorkOfSmallPiece = 1 << 20;

    private readonly int _allRows;
    private readonly int _allColumns;
    private readonly int _fields;
    private readonly bool _byRows;
    private readonly int _fieldRows;
    private readonly int _fieldColumns;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _large;
    private readonly int _smallRows;

    /// <summary>Cuts a block.</summary>
    /// <param name="rows">Rows of c.</param>
    /// <param name="columns">Columns of c in the block.</param>
    /// <param name="depth">Steps of the sum in the block.</param>
    /// <param name="tileRows">Rows of a tile.</param>
    /// <param name="threads">Threads of the team.</param>
    public BlockPieces(int rows, int columns, int depth, int tileRows, int threads)
    {
        _allRows = rows;
        _allColumns = columns;
        _fields = threads;
        _byRows = columns / threads < (depth <= ShortDepth ? LeastColumns : EnoughColumns) && rows / threads >= EnoughTiles * tileRows;
        _fieldRows = _byRows ? Multiple(Chunks.Cover(rows, threads), tileRows) : rows;
        _fieldColumns = _byRows ? columns : Multiple(Chunks.Cover(columns, threads), LeastColumns);
        _rows = MostRows(depth, tileRows);
        _columns = _fieldColumns;
        while (Chunks.Cover(_fieldRows, _rows) * ColumnPieces < EnoughPieces && (_rows > tileRows || _columns > LeastColumns))
        {
            if (_rows <= tileRows || _columns > Math.Max(LeastColumns, 2 * _rows))
            {
                _columns = Multiple(_columns / 2, LeastColumns);
            }
            else
            {
                _rows = Multiple(_rows / 2, tileRows);
            }
        }

        long workOfTiles = Math.Max(1, (long)tileRows * _columns * depth);
        _smallRows = (int)Math.Min(_rows, (WorkOfSmallPiece + workOfTiles - 1) / workOfTiles * tileRows);
        _large = Math.Max(0, _fieldRows / _rows - 2);
    }

    /// <summary>How many there are. Some may be empty.</summary>
    public int Count => _fields * PiecesOfField;

    private int PiecesOfField => (_large + Chunks.Cover(_fieldRows - _large * _rows, _smallRows)) * ColumnPieces;

    private int ColumnPieces => Chunks.Cover(_fieldColumns, _columns);

    /// <summary>
    /// Rows of a large piece, a multiple of a tile's height: a panel of b, once near, is used for so many.
    /// </summary>
    public static int MostRows(int depth, int tileRows) =>
        Math.Max(1, Math.Min(MostRowsOfA, FloatsOfA / Math.Max(1, depth)) / tileRows) * tileRows;

    /// <summary>One of them.</summary>
    public void At(int index, out int row, out int rows, out int column, out int columns)
    {
        int field = index / PiecesOfField;
        int piece = index % PiecesOfField;
        int place = piece / ColumnPieces;
        int start = Math.Min(place, _large) * _rows + Math.Max(0, place - _large) * _smallRows;
        row = start + (_byRows ? field * _fieldRows : 0);
        rows = CountFrom(row, place < _large ? _rows : _smallRows, row - start + _fieldRows, _allRows);
        start = piece % ColumnPieces * _columns;
        column = start + (_byRows ? 0 : field * _fieldColumns);
        columns = CountFrom(column, _columns, column - start + _fieldColumns, _allColumns);
    }

    private static int CountFrom(int first, int most, int endOfField, int end) =>
        Math.Max(0, Math.Min(most, Math.Min(endOfField, end) - first));

    private static int Multiple(int count, int of) => Chunks.Cover(count, of) * of;
}
