namespace NanoNet.Kernels.Simd;

/// <content>Running a convolution pass.</content>
internal static unsafe partial class SimdConv2D<TLanes, TVector>
{
    private static void Run(WorkerTeam team, Scratch scratch, ConvolutionPass pass, PackKernelJob pack)
    {
        int panels = PanelPacking<TLanes, TVector>.Count(pass.Filters);
        pass.Panels = scratch.Shared((nint)panels * TileColumns * pass.Depth);
        pack.Pass = pass;
        team.Run(panels, pack);

        long workOfRow = Math.Max(1, (long)pass.Columns * pass.Depth * panels * TileColumns);
        int rows = (int)Math.Clamp(WorkOfPiece / workOfRow, 1, pass.Rows);
        int piecesPerImage = (pass.Rows + rows - 1) / rows;
        nint window = (nint)pass.WindowRows(rows) * pass.WindowColumns * pass.Channels;
        team.RunByWorker(
            pass.Batch * piecesPerImage,
            new PassJob { Pass = pass, Rows = rows, PiecesPerImage = piecesPerImage, Window = scratch.PerWorker(window) });
    }

    /// <summary>Packs one panel of the kernel.</summary>
    private struct PackKernelJob : IParallelJob
    {
        public ConvolutionPass Pass;

        /// <summary>HWIO.</summary>
        public float* Kernel;

        /// <summary>For the input gradient: taps in falling order, some of them only, channels exchanged.</summary>
        public bool Turned;

        public int KernelWidth;
        public int FirstRow;
        public int FirstColumn;
        public int StrideRows;
        public int StrideColumns;

        public readonly void Run(int index)
        {
            int first = index * TileColumns;
            int columns = Math.Min(TileColumns, Pass.Filters - first);
            float* target = Pass.Panels + (nint)index * TileColumns * Pass.Depth;
            if (!Turned)
            {
                PanelPacking<TLanes, TVector>.Pack(target, 0, Kernel + first, Pass.Filters, Pass.Depth, columns);
                return;
            }

            for (int row = Pass.KernelRows - 1; row >= 0; row--)
            {
                for (int column = Pass.KernelColumns - 1; column >= 0; column--, target += (nint)Pass.Channels * TileColumns)
                {
                    int tap = (FirstRow + row * StrideRows) * KernelWidth + FirstColumn + column * StrideColumns;
                    float* source = Kernel + ((nint)tap * Pass.Filters + first) * Pass.Channels;
                    PanelPacking<TLanes, TVector>.PackTransposed(target, 0, source, Pass.Channels, Pass.Channels, columns);
                }
            }
        }
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
            var shape = new TileShape
            {
                Stretches = Pass.KernelRows,
                Depth = Pass.KernelColumns * Pass.Channels,
                ARow = (nint)Pass.StepColumns * Pass.Channels,
                AStep = 1,
                AJump = windowRow - Pass.KernelColumns * Pass.Channels,
                CRow = Pass.OutputColumn,
                Relu = Pass.Relu,
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
                    ProductBlock<TLanes, TVector>.Run(
                        Pass.Columns, columns, shape, window + row * Pass.StepRows * windowRow, panel,
                        output + row * Pass.OutputRow + column, bias);
                }
            }
        }
    }
}
