namespace NanoNet.Kernels.Simd;

/// <content>Running a convolution pass.</content>
internal static unsafe partial class SimdConv2D<TLanes, TVector>
{
    // Max-pooling and ReLU turn the smallest error of an activation near a tie into another path for its gradient: long sums are made in
    // parts, since a sum's rounding error grows with the root of its length.
    private const int StepsOfPart = 64;

    private static void Run(WorkerTeam team, Scratch scratch, PackKernelJob<TLanes, TVector> pack)
    {
        var pass = pack.Pass;
        int panels = PanelPacking<TLanes, TVector>.Count(pass.Filters);
        pass.Panels = scratch.Shared((nint)panels * TileColumns * pass.Depth);
        pack.Target = pass.Panels;
        team.Run(panels, pack);

        long workOfRow = Math.Max(1, (long)pass.Columns * pass.Depth * panels * TileColumns);
        int rows = (int)Math.Clamp(WorkOfPiece / workOfRow, 1, pass.Rows);
        int piecesPerImage = (pass.Rows + rows - 1) / rows;
        nint window = (nint)pass.WindowRows(rows) * pass.WindowColumns * pass.Channels;
        team.RunByWorker(
            pass.Batch * piecesPerImage,
            new PassJob { Pass = pass, Rows = rows, PiecesPerImage = piecesPerImage, Window = scratch.PerWorker(window) });
    }

    /// <summary>Some rows of outputs of one image.</summary>
    private struct PassJob : IWorkerJob
    {
        public ConvolutionPass Pass;
        public int Rows;
        public int PiecesPerImage;
        public WorkerScratch Window;

        public readonly void Run(int index, int worker)
        {
            int image = index / PiecesPerImage;
            int top = index % PiecesPerImage * Rows;
            int rows = Math.Min(Rows, Pass.Rows - top);
            float* window = Window.Of(worker);
            ImageWindow.Copy(
                window,
                Pass.Input + image * (nint)Pass.Height * Pass.Width * Pass.Channels,
                Pass.Height, Pass.Width, Pass.Channels,
                top * Pass.StepRows - Pass.PadTop, -Pass.PadLeft,
                Pass.WindowRows(rows), Pass.WindowColumns);

            nint windowRow = (nint)Pass.WindowColumns * Pass.Channels;
            int stretch = Pass.KernelColumns * Pass.Channels;
            var shape = new TileShape
            {
                Stretches = Pass.KernelRows,
                Depth = stretch,
                ARow = (nint)Pass.StepColumns * Pass.Channels,
                AStep = 1,
                AJump = windowRow - stretch,
                CRow = Pass.OutputColumn,
            };
            float* output = Pass.Output + image * Pass.OutputImage + top * Pass.OutputRow;

            // Panel by panel, so that a panel is read from the nearest cache for all rows.
            for (int column = 0; column < Pass.Filters; column += TileColumns)
            {
                var panel = new Panels { First = Pass.Panels + (nint)column * Pass.Depth, Step = TileColumns };
                int columns = Math.Min(TileColumns, Pass.Filters - column);
                float* bias = Pass.Bias is null ? null : Pass.Bias + column;
                for (int row = 0; row < rows; row++)
                {
                    float* a = window + row * Pass.StepRows * windowRow;
                    float* c = output + row * Pass.OutputRow + column;
                    if (Pass.Depth <= StepsOfPart)
                    {
                        shape.Relu = Pass.Relu;
                        ProductBlock<TLanes, TVector>.Run(Pass.Columns, columns, shape, a, panel, c, bias);
                    }
                    else
                    {
                        ByKernelRows(columns, shape, a, panel, c, bias);
                    }
                }
            }
        }

        /// <summary>A long sum, kernel row by kernel row and in parts.</summary>
        private readonly void ByKernelRows(int columns, TileShape shape, float* a, Panels panel, float* c, float* bias)
        {
            nint windowRow = shape.Depth + shape.AJump;
            shape.Stretches = 1;
            shape.Part = StepsOfPart;
            for (int row = 0; row < Pass.KernelRows; row++)
            {
                bool isLast = row == Pass.KernelRows - 1;
                shape.Accumulate = row > 0;
                shape.Relu = Pass.Relu && isLast;
                ProductBlock<TLanes, TVector>.Run(Pass.Columns, columns, shape, a, panel, c, isLast ? bias : null);
                a += windowRow;
                panel.First += shape.Depth * (nint)TileColumns;
            }
        }
    }
}
