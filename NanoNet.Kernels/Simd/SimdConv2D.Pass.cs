namespace NanoNet.Kernels.Simd;

/// <content>Running a convolution pass.</content>
internal static unsafe partial class SimdConv2D<TLanes, TVector>
{
    /// <summary>Steps of a part of a sum: its rounding error grows with the root of its length.</summary>
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
                Stretches = Math.Max(1, Pass.KernelRows),
                Depth = stretch,
                Part = Pass.InShortParts && Pass.Depth > StepsOfPart ? StepsOfPart : 0,
                ARow = (nint)Pass.StepColumns * Pass.Channels,
                AStep = 1,
                AJump = windowRow - stretch,
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
                    float* a = window + row * Pass.StepRows * windowRow;
                    float* c = output + row * Pass.OutputRow + column;
                    ProductBlock<TLanes, TVector>.Run(Pass.Columns, columns, shape, a, panel, c, bias);
                }
            }
        }
    }
}
