using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>Many rows: a block of b is packed, panel by panel, when the first rows of a pass by.</content>
/// <remarks>
/// The order of the loops is that of Goto and van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008): a block of
/// b, two megabytes for each thread at most, lies in the last-level cache; a block of a and a panel of b in a core's second-level cache, which
/// delivers several times what a tile takes.
/// </remarks>
internal static unsafe partial class SimdMatMul<TLanes, TVector>
{
    /// <summary>
    /// Steps of the sum in a block of b: the more, the rarer c is read and written again. A panel of 32 columns takes 128 KB then.
    /// </summary>
    private const int MostDepth = 1024;

    /// <summary>
    /// The most steps that are summed before c is added to: every part costs a reading and a writing of c, one per cent of a
    /// product in parts of 256.
    /// </summary>
    private const int MostStepsOfBlock = 512;

    /// <summary>
    /// Columns of a block of b for each thread: the more, the rarer a is read again; but two megabytes of panels for each are all
    /// that the last-level cache of a busy machine keeps.
    /// </summary>
    private const int MostColumnsOfThread = 512;

    /// <summary>Panels that are packed side by side: their rows are whole lines of b, and more than one.</summary>
    private const int LeastPanels = 8;

    /// <summary>Sums up to this length read a in place: so many cache lines stay until the next tile needs them.</summary>
    private const int DepthInPlace = 64;

    /// <summary>Lines of a set of the first-level cache, enough for <see cref="TileShape.RowsInPlace"/>.</summary>
    private const int WaysForRowsInPlace = 12;

    /// <summary>Lines at the same place of pages like these compete for the same few places of the first-level cache.</summary>
    private const int PageFloats = 1024;

    private static void RunByBlocks(WorkerTeam team, Scratch scratch, in Product product, float* packed)
    {
        var geometry = product.Geometry;
        int most = ColumnsOfBlock(geometry, team.Threads);
        int panels = PanelPacking<TLanes, TVector>.Count(most);
        bool packs = packed is null;
        float* block = packs ? scratch.Shared((nint)most * product.Depth + PanelMarks.Floats(panels)) : packed;
        var job = new BlockJob
        {
            Product = product,
            Packed = block,
            Marks = packs ? new PanelMarks((int*)(block + (nint)most * product.Depth)) : default,
            Copies = scratch.PerWorker(CopyOfRows.Floats(BlockPieces.MostRows(product.Depth, TLanes.TileRows), product.Depth)),
        };
        for (job.Column = 0; job.Column < geometry.N; job.Column += most)
        {
            int columns = Math.Min(most, geometry.N - job.Column);
            job.Pieces = new BlockPieces(geometry.M, columns, product.Depth, TLanes.TileRows, team.Threads, packs);
            for (job.Step = 0; job.Step < geometry.K; job.Step += product.Depth)
            {
                job.Shape = product.ShapeAt(job.Step);
                if (packs)
                {
                    job.Marks.Clear(panels);
                }
                else
                {
                    job.Packed = packed + BlockAt(product, job.Step, job.Column, most);
                }

                for (int worker = 0; worker < team.Threads; worker++)
                {
                    new CopyOfRows(job.Copies.Of(worker)).Forget();
                }

                team.RunByWorker(job.Pieces.Count, job);
            }
        }
    }

    /// <summary>Packs all blocks, one after the other in the order in which they are used.</summary>
    private static void PackBlocks(WorkerTeam team, in Product product, float* packed)
    {
        var geometry = product.Geometry;
        int most = ColumnsOfBlock(geometry, team.Threads);
        for (int column = 0; column < geometry.N; column += most)
        {
            for (int step = 0; step < geometry.K; step += product.Depth)
            {
                var pack = new PackJob(product, step, column, most, packed + BlockAt(product, step, column, most));
                team.Run(pack.Pieces, pack);
            }
        }
    }

    /// <summary>Whole panels.</summary>
    private static int ColumnsOfBlock(MatMulGeometry geometry, int threads) =>
        (int)Math.Min(threads * (long)MostColumnsOfThread, PanelPacking<TLanes, TVector>.Count(geometry.N) * (long)TileColumns);

    private static nint BlockAt(in Product product, int step, int column, int most)
    {
        var geometry = product.Geometry;
        int columns = Math.Min(most, geometry.N - column);
        return column * (nint)geometry.K + step * (nint)PanelPacking<TLanes, TVector>.Count(columns) * TileColumns;
    }

    /// <summary>Packs a block of b, panel by panel.</summary>
    private readonly struct PackJob : IParallelJob
    {
        private readonly Product _product;
        private readonly int _step;
        private readonly int _depth;
        private readonly int _column;
        private readonly int _columns;
        private readonly int _columnsOfPiece;
        private readonly float* _target;

        public PackJob(in Product product, int step, int column, int most, float* target)
        {
            _product = product;
            _step = step;
            _depth = Math.Min(product.Depth, product.Geometry.K - step);
            _column = column;
            _columns = Math.Min(most, product.Geometry.N - column);
            _columnsOfPiece = Math.Max(LeastPanels, LeastWork / (8 * _depth * TileColumns)) * TileColumns;
            _target = target;
        }

        public int Pieces => Chunks.Cover(_columns, _columnsOfPiece);

        public void Run(int index)
        {
            int first = index * _columnsOfPiece;
            int columns = Math.Min(_columnsOfPiece, _columns - first);
            float* target = _target + (nint)_depth * first;
            float* b = _product.OperandB(_step, _column + first);
            PanelPacking<TLanes, TVector>.PackAsStored(
                _product.Geometry.TransposeB, target, (nint)_depth * TileColumns, b, _product.BStride, _depth, columns);
        }
    }

    /// <summary>Multiplies a block of b.</summary>
    private struct BlockJob : IWorkerJob
    {
        public Product Product;
        public TileShape Shape;
        public BlockPieces Pieces;

        /// <summary>The first step of the sum in the block.</summary>
        public int Step;

        /// <summary>The first column of the block.</summary>
        public int Column;

        public float* Packed;
        public PanelMarks Marks;
        public WorkerScratch Copies;

        public readonly void Run(int index, int worker)
        {
            Pieces.At(index, out int row, out int rows, out int first, out int columns);
            if (rows == 0 || columns == 0)
            {
                return;
            }

            var shape = Shape;
            float* a = Product.A + row * shape.ARow + Step * shape.AStep;
            if (shape.Depth > DepthInPlace)
            {
                a = Nearer(a, row, rows, worker, ref shape);
            }

            var panels = new Panels
            {
                First = Packed + (nint)shape.Depth * first,
                Stride = (nint)shape.Depth * TileColumns,
                Step = TileColumns,
                Marks = Marks.From(first / TileColumns),
                Unpacked = Product.OperandB(Step, Column + first),
                UnpackedStep = Product.BStride,
                IsTransposed = Product.Geometry.TransposeB,
                UnpackedFollows = ColumnsBeside(index) >= TileColumns,
            };
            int column = Column + first;
            ProductBlock<TLanes, TVector>.Run(
                rows, columns, shape, a, panels, Product.C + row * shape.CRow + column, Product.BiasAt(Step, column),
                NextOfA(index));
        }

        /// <summary>Columns of the next piece, 0 if that is in another row of pieces.</summary>
        private readonly int ColumnsBeside(int index)
        {
            if ((index + 1) % Pieces.PiecesInRow == 0)
            {
                return 0;
            }

            Pieces.At(index + 1, out _, out _, out _, out int columns);
            return columns;
        }

        /// <summary>
        /// Operand a for the next row of pieces, which the same thread is likely to take: each piece asks for its share of it, rows,
        /// or columns if those are stored together.
        /// </summary>
        private readonly Ahead NextOfA(int index)
        {
            int side = Pieces.PiecesInRow;
            if (index + side >= Pieces.Count || Shape.Depth <= DepthInPlace)
            {
                return default;
            }

            Pieces.At(index + side, out int row, out int rows, out _, out _);
            bool byColumns = Product.Geometry.TransposeA;
            int lines = byColumns ? Chunks.Cover(rows, FloatsOfLine) : rows;
            nint line = byColumns ? FloatsOfLine : Shape.ARow;
            int place = index % side;
            int first = lines * place / side;
            return new Ahead
            {
                First = Product.A + row * Shape.ARow + Step * Shape.AStep + first * line,
                Step = Shape.AStep,
                Line = line,
                Lines = lines * (place + 1) / side - first,
            };
        }

        /// <summary>
        /// Rows that are read again for each panel, where the first-level cache holds a tile's: stored by columns they are all copied;
        /// by rows only as many as share a set of the cache with too many others.
        /// </summary>
        private readonly float* Nearer(float* a, int row, int rows, int worker, ref TileShape shape)
        {
            var copy = new CopyOfRows(Copies.Of(worker));
            if (shape.AStep != 1)
            {
                return copy.OfColumns(a, row, rows, ref shape);
            }

            int inPlace = FirstLevelCache.Ways >= WaysForRowsInPlace ? TileShape.RowsInPlace : 0;
            if (TLanes.TileRows <= inPlace || !IsNearPage(shape.ARow))
            {
                return a;
            }

            if (inPlace == 0)
            {
                return copy.OfRows(a, row, rows, ref shape);
            }

            copy.OfLastRows(row, ref shape);
            return a;
        }

        private static bool IsNearPage(nint stride) => Math.Abs((stride + PageFloats / 2) % PageFloats - PageFloats / 2) < PageFloats / 8;
    }
}
