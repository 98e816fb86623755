namespace NanoNet.Kernels.Simd;

/// <summary>The pieces of a block of c: some rows by some columns each.</summary>
/// <remarks>
/// The block is cut into one field for each thread: of columns, so that a thread multiplies by the panels that it packed and reads
/// what it will update, or of rows, if columns are few. The pieces of a field follow each other row by row of pieces, so that rows of
/// a, once near, serve all columns of the field; and they are small, so that threads end at nearly the same time. They are as high as
/// each other, to a tile: a low one has a panel brought near for few rows. No sum depends on the cut.
/// </remarks>
internal readonly struct BlockPieces
{
    /// <summary>Rows of a piece: a panel of b, once near, is used for so many.</summary>
    private const int MostRowsOfPiece = 112;

    /// <summary>
    /// Steps of the sum for which eight tiles' rows of a stay in a core's second-level cache with a panel of b or two: 392 KB with
    /// AVX-512, whose machines have a megabyte as a rule, 168 KB with AVX2.
    /// </summary>
    private const int StepsOfEightTiles = 896;

    private const int LeastColumns = 32;

    /// <summary>Columns that make a field where fields are unequal, or where b has been packed before.</summary>
    private const int EnoughColumns = 256;

    /// <summary>
    /// The same where all fields are equal and threads pack their panels: panels that another thread has just packed in a distant cache may
    /// cost as much as the product. Fewer, and rows of a that each field copies cost more. Where all is packed already rows are better: a
    /// thread finds in its own cache the rows that it made in the layer before.
    /// </summary>
    private const int EnoughEqualColumns = 64;

    /// <summary>
    /// Sums as short as this are, as a rule, a kernel's gradient and update: by columns whatever they are, for by columns the
    /// kernel is used next.
    /// </summary>
    private const int ShortDepth = 128;

    /// <summary>Tiles, one above the other, that make a field of rows.</summary>
    private const int EnoughTiles = 4;

    /// <summary>Pieces that a field has at least, if it is not too small.</summary>
    private const int EnoughPieces = 6;

    /// <summary>Multiply-adds of a piece, if there is enough to do: so much a thread may be behind the others.</summary>
    private const int WorkOfPiece = 1 << 20;

    private readonly int _allRows;
    private readonly int _allColumns;
    private readonly int _fields;
    private readonly bool _byRows;
    private readonly int _fieldRows;
    private readonly int _fieldColumns;
    private readonly int _tileRows;
    private readonly int _tilesOfPiece;
    private readonly int _tallerPieces;
    private readonly int _columns;
    private readonly int _rowsOfPieces;

    /// <summary>Cuts a block.</summary>
    /// <param name="rows">Rows of c.</param>
    /// <param name="columns">Columns of c in the block.</param>
    /// <param name="depth">Steps of the sum in the block.</param>
    /// <param name="tileRows">Rows of a tile.</param>
    /// <param name="threads">Threads of the team.</param>
    /// <param name="packs">Whether panels of b are packed as they are used, rather than long before.</param>
    public BlockPieces(int rows, int columns, int depth, int tileRows, int threads, bool packs)
    {
        _allRows = rows;
        _allColumns = columns;
        _fields = threads;
        _byRows = columns / threads < ColumnsToCutBy(columns, depth, threads, packs) && rows / threads >= EnoughTiles * tileRows;
        _fieldRows = _byRows ? Multiple(Chunks.Cover(rows, threads), tileRows) : rows;
        _fieldColumns = _byRows ? columns : Multiple(Chunks.Cover(columns, threads), LeastColumns);
        int mostRows = MostRows(depth, tileRows);
        _columns = Math.Min(_fieldColumns, Multiple(Chunks.Cover(WorkOfPiece, mostRows * Math.Max(1, depth)), LeastColumns));
        while (Chunks.Cover(_fieldRows, mostRows) * Chunks.Cover(_fieldColumns, _columns) < EnoughPieces
            && (mostRows > tileRows || _columns > LeastColumns))
        {
            if (mostRows <= tileRows || _columns > Math.Max(LeastColumns, 2 * mostRows))
            {
                _columns = Multiple(_columns / 2, LeastColumns);
            }
            else
            {
                mostRows = Multiple(mostRows / 2, tileRows);
            }
        }

        PiecesInRow = Chunks.Cover(_fieldColumns, _columns);
        _rowsOfPieces = Chunks.Cover(_fieldRows, mostRows);
        _tileRows = tileRows;
        (_tilesOfPiece, _tallerPieces) = Math.DivRem(Chunks.Cover(_fieldRows, tileRows), _rowsOfPieces);
    }

    /// <summary>How many there are. Some may be empty.</summary>
    public int Count => _fields * _rowsOfPieces * PiecesInRow;

    /// <summary>Pieces side by side in a field, one after the other in order: they need the same rows of a.</summary>
    public int PiecesInRow { get; }

    /// <summary>Rows of a piece at most, a multiple of a tile's height.</summary>
    public static int MostRows(int depth, int tileRows)
    {
        int tiles = Math.Min(MostRowsOfPiece / tileRows, 8 * StepsOfEightTiles / Math.Max(1, depth));
        return Math.Max(1, tiles) * tileRows;
    }

    /// <summary>One of them.</summary>
    public void At(int index, out int row, out int rows, out int column, out int columns)
    {
        (int rowOfPieces, int columnOfPieces) = Math.DivRem(index, PiecesInRow);
        (int field, int rowInField) = Math.DivRem(rowOfPieces, _rowsOfPieces);
        int fieldRow = _byRows ? field * _fieldRows : 0;
        int fieldColumn = _byRows ? 0 : field * _fieldColumns;
        row = fieldRow + (rowInField * _tilesOfPiece + Math.Min(rowInField, _tallerPieces)) * _tileRows;
        int most = (rowInField < _tallerPieces ? _tilesOfPiece + 1 : _tilesOfPiece) * _tileRows;
        column = fieldColumn + columnOfPieces * _columns;
        rows = CountFrom(row, most, fieldRow + _fieldRows, _allRows);
        columns = CountFrom(column, _columns, fieldColumn + _fieldColumns, _allColumns);
    }

    private static int ColumnsToCutBy(int columns, int depth, int threads, bool packs)
    {
        if (depth <= ShortDepth)
        {
            return LeastColumns;
        }

        return packs && columns % (threads * LeastColumns) == 0 ? EnoughEqualColumns : EnoughColumns;
    }

    private static int CountFrom(int first, int most, int endOfField, int end) =>
        Math.Max(0, Math.Min(most, Math.Min(endOfField, end) - first));

    private static int Multiple(int count, int of) => Chunks.Cover(count, of) * of;
}
