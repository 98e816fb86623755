namespace NanoNet.Kernels.Simd;

/// <content>Few rows: pieces are groups of columns.</content>
internal static unsafe partial class SimdMatMul<TLanes, TVector>
{
    private static void RunByColumns(WorkerTeam team, Scratch scratch, in Product product)
    {
        var geometry = product.Geometry;
        int panels = PanelPacking<TLanes, TVector>.Count(geometry.N);
        long panelWork = (long)geometry.M * geometry.K * TileColumns;
        int panelsPerPiece = (int)Math.Clamp(LeastWork / panelWork, 1, panels);
        int packedPanels = geometry.TransposeB ? panelsPerPiece : 1;
        team.RunByWorker(
            (panels + panelsPerPiece - 1) / panelsPerPiece,
            new ColumnsJob
            {
                Product = product,
                ColumnsPerPiece = panelsPerPiece * TileColumns,
                Packed = scratch.PerWorker((nint)product.Depth * packedPanels * TileColumns),
            });
    }

    private struct ColumnsJob : IWorkerJob
    {
        public Product Product;
        public int ColumnsPerPiece;
        public WorkerScratch Packed;

        public readonly void Run(int index, int worker)
        {
            var geometry = Product.Geometry;
            int first = index * ColumnsPerPiece;
            int columns = Math.Min(ColumnsPerPiece, geometry.N - first);
            for (int step = 0; step < geometry.K; step += Product.Depth)
            {
                var shape = Product.ShapeAt(step);
                var panels = PanelsAt(step, shape.Depth, first, columns, Packed.Of(worker));
                ProductBlock<TLanes, TVector>.Run(
                    geometry.M, columns, shape, Product.A + step * shape.AStep, panels,
                    Product.C + first, Product.BiasAt(step, first));
            }
        }

        private readonly Panels PanelsAt(int step, int depth, int first, int columns, float* packed)
        {
            float* b = Product.OperandB(step, first);
            if (Product.Geometry.TransposeB)
            {
                PanelPacking<TLanes, TVector>.PackTransposed(packed, (nint)depth * TileColumns, b, Product.BStride, depth, columns);
                return new Panels { First = packed, Stride = (nint)depth * TileColumns, Step = TileColumns };
            }

            int partial = columns % TileColumns;
            if (partial > 0)
            {
                PanelPacking<TLanes, TVector>.Pack(packed, 0, b + columns - partial, Product.BStride, depth, partial);
            }

            return new Panels { First = b, Stride = TileColumns, Step = Product.BStride, Partial = packed };
        }
    }
}
