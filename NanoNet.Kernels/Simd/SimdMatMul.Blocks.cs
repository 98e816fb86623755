using System.Runtime.CompilerServices;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>Many rows: b packed once, pieces are blocks of rows and columns.</content>
internal static unsafe partial class SimdMatMul<TLanes, TVector>
{
    /// <summary>Columns of a piece: with many of them the piece's block of a, in the second-level cache, is copied for much work.</summary>
    private const int MostColumns = 1024;

    /// <summary>With fewer columns than this, a piece would rather have fewer rows.</summary>
    private const int FewColumns = 256;

    /// <summary>Rows of a piece: a multiple of every tile's height.</summary>
    private const int MostRows = 96;

    /// <summary>With fewer pieces than this, two or four threads would end at different times.</summary>
    private const int EnoughPieces = 16;

    /// <summary>Floats between the copied rows of a block of a: one cache line, so that rows do not share places in the cache.</summary>
    private const int RowPadding = 16;

    /// <summary>Sums up to this length read a in place: so many cache lines stay until the next tile needs them.</summary>
    private const int DepthInPlace = 64;

    private static void RunByBlocks(WorkerTeam team, Scratch scratch, in Product product)
    {
        var geometry = product.Geometry;
        int panels = PanelPacking<TLanes, TVector>.Count(geometry.N);
        float* packed = scratch.Shared((nint)panels * TileColumns * geometry.K);
        int depthBlocks = (geometry.K + product.Depth - 1) / product.Depth;
        int panelsPerPiece = (int)Math.Clamp(LeastWork / (8L * product.Depth * TileColumns), 1, panels);
        var pack = new PackJob { Product = product, Target = packed, Panels = panels, PanelsPerPiece = panelsPerPiece };
        team.Run(depthBlocks * pack.PiecesPerDepth, pack);

        int columns = Math.Min(MostColumns, panels * TileColumns);
        int rows = MostRows;
        while (columns > FewColumns && Pieces(geometry, rows, columns) < EnoughPieces)
        {
            columns /= 2;
        }

        while (rows > MostRows / 8 && Pieces(geometry, rows, columns) < EnoughPieces)
        {
            rows /= 2;
        }

        columns = (columns + TileColumns - 1) / TileColumns * TileColumns;
        int columnBlocks = (geometry.N + columns - 1) / columns;
        int rowBlocks = (geometry.M + rows - 1) / rows;
        team.RunByWorker(
            rowBlocks * columnBlocks,
            new BlockJob
            {
                Product = product,
                Packed = packed,
                Panels = panels,
                Rows = rows,
                Columns = columns,
                ColumnBlocks = columnBlocks,
                BlockOfA = scratch.PerWorker((nint)rows * (product.Depth + RowPadding)),
            });
    }

    private static long Pieces(MatMulGeometry geometry, int rows, int columns) =>
        (long)((geometry.M + rows - 1) / rows) * ((geometry.N + columns - 1) / columns);

    /// <summary>Packs some panels of one block of the sum. Blocks of the sum lie one after the other, panel by panel.</summary>
    private struct PackJob : IParallelJob
    {
        public Product Product;
        public float* Target;
        public int Panels;
        public int PanelsPerPiece;

        public readonly int PiecesPerDepth => (Panels + PanelsPerPiece - 1) / PanelsPerPiece;

        public readonly void Run(int index)
        {
            var geometry = Product.Geometry;
            int step = index / PiecesPerDepth * Product.Depth;
            int panel = index % PiecesPerDepth * PanelsPerPiece;
            int depth = Math.Min(Product.Depth, geometry.K - step);
            int first = panel * TileColumns;
            int columns = Math.Min(PanelsPerPiece * TileColumns, geometry.N - first);
            float* target = Target + ((nint)step * Panels + (nint)depth * panel) * TileColumns;
            nint panelStride = (nint)depth * TileColumns;
            if (geometry.TransposeB)
            {
                float* rows = Product.B + first * (nint)geometry.K + step;
                PanelPacking<TLanes, TVector>.PackTransposed(target, panelStride, rows, geometry.K, depth, columns);
            }
            else
            {
                float* b = Product.B + step * (nint)geometry.N + first;
                PanelPacking<TLanes, TVector>.Pack(target, panelStride, b, geometry.N, depth, columns);
            }
        }
    }

    private struct BlockJob : IWorkerJob
    {
        public Product Product;
        public float* Packed;
        public int Panels;
        public int Rows;
        public int Columns;
        public int ColumnBlocks;
        public WorkerScratch BlockOfA;

        public readonly void Run(int index, int worker)
        {
            var geometry = Product.Geometry;
            int row = index / ColumnBlocks * Rows;
            int column = index % ColumnBlocks * Columns;
            int rows = Math.Min(Rows, geometry.M - row);
            int columns = Math.Min(Columns, geometry.N - column);
            for (int step = 0; step < geometry.K; step += Product.Depth)
            {
                var shape = Product.ShapeAt(step);
                float* a = Product.A + row * shape.ARow + step * shape.AStep;
                if (shape.Depth > DepthInPlace)
                {
                    a = CopyBlock(a, ref shape, rows, BlockOfA.Of(worker));
                }

                var panels = new Panels
                {
                    First = Packed + ((nint)step * Panels * TileColumns) + (nint)shape.Depth * column,
                    Stride = (nint)shape.Depth * TileColumns,
                    Step = TileColumns,
                };
                ProductBlock<TLanes, TVector>.Run(
                    rows, columns, shape, a, panels, Product.C + row * shape.CRow + column, Product.BiasAt(step, column));
            }
        }

        /// <summary>
        /// Copies a block of a to where its lines lie together, as they are stored: with rows a power of two apart they would compete for
        /// the same few places of the first-level cache.
        /// </summary>
        private readonly float* CopyBlock(float* a, ref TileShape shape, int rows, float* target)
        {
            bool byColumns = Product.Geometry.TransposeA;
            int lines = byColumns ? shape.Depth : rows;
            int length = byColumns ? rows : shape.Depth;
            nint source = byColumns ? shape.AStep : shape.ARow;
            nint stride = byColumns ? rows : shape.Depth + RowPadding;
            for (int line = 0; line < lines; line++)
            {
                Unsafe.CopyBlockUnaligned(target + line * stride, a + line * source, (uint)length * sizeof(float));
            }

            shape.AStep = byColumns ? stride : 1;
            shape.ARow = byColumns ? 1 : stride;
            return target;
        }
    }
}
