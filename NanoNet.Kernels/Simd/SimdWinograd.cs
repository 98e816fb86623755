namespace NanoNet.Kernels.Simd;

/// <summary>3x3 convolutions by Winograd's F(4x4, 3x3): a quarter of the multiplications, in 36 products over all channels.</summary>
/// <remarks>
/// A piece takes some tiles all the way: input transform, the 36 products with the transformed kernel, output transform with bias
/// and ReLU. What lies in between stays in its core's cache.
/// </remarks>
internal static unsafe partial class SimdWinograd<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Tiles of a piece. The transformed kernel, often megabytes, is read once for so many; 16 to 128 measured the same, and small
    /// pieces occupy more threads.
    /// </summary>
    private const int TilesOfPiece = 16;

    /// <summary>Floats added between places, so that the 36 do not compete for the same cache lines.</summary>
    private const int PlacePadding = 16;

    // Max-pooling and ReLU turn the smallest error of an activation near a tie into another path for its gradient, and Winograd's
    // transforms enlarge the errors of their products. So a product is the sum of parts of so many channels: a sum's rounding error
    // grows with the root of its length.
    private const int ChannelsOfPart = 32;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>Runs a pass with a 3x3 kernel and step 1.</summary>
    public static void Run(WorkerTeam team, Scratch scratch, PackKernelJob<TLanes, TVector> pack)
    {
        var pass = pack.Pass;
        int panels = PanelPacking<TLanes, TVector>.Count(pass.Filters);
        nint panel = (nint)pass.Channels * TileColumns;
        nint kernelPlace = panels * panel;
        nint zeros = pass.Channels;
        float* shared = scratch.Shared(WinogradGrid.Places * kernelPlace + zeros);
        float* kernel = shared + zeros;
        new Span<float>(shared, pass.Channels).Clear();
        team.RunByWorker(
            panels,
            new KernelJob { Pack = pack, Target = kernel, Place = kernelPlace, Panel = panel, Taps = scratch.PerWorker(9 * panel) });

        var grid = new WinogradGrid(pass.Batch, pass.Rows, pass.Columns);
        int pieces = (grid.Count + TilesOfPiece - 1) / TilesOfPiece;
        var job = new PassJob
        {
            Pass = pass,
            Grid = grid,
            Zeros = shared,
            Kernel = kernel,
            KernelPlace = kernelPlace,
            InputPlace = TilesOfPiece * (nint)pass.Channels + PlacePadding,
            ProductPlace = TilesOfPiece * (nint)pass.Filters + PlacePadding,
        };
        job.Room = scratch.PerWorker(WinogradGrid.Places * (job.InputPlace + job.ProductPlace));
        team.RunByWorker(pieces, job);
    }

    /// <summary>Transforms one panel of the kernel.</summary>
    private struct KernelJob : IWorkerJob
    {
        public PackKernelJob<TLanes, TVector> Pack;
        public float* Target;
        public nint Place;
        public nint Panel;
        public WorkerScratch Taps;

        public readonly void Run(int index, int worker)
        {
            float* taps = Taps.Of(worker);
            Pack.PackPanel(index, taps);
            WinogradTiles<TLanes, TVector>.Kernel(taps, Panel, Panel, Target + index * Panel, Place);
        }
    }

    /// <summary>Some tiles, wherever in the batch they lie.</summary>
    private struct PassJob : IWorkerJob
    {
        public ConvolutionPass Pass;
        public WinogradGrid Grid;

        /// <summary>A pixel beyond the border.</summary>
        public float* Zeros;

        public float* Kernel;
        public nint KernelPlace;
        public nint InputPlace;
        public nint ProductPlace;
        public WorkerScratch Room;

        public readonly void Run(int index, int worker)
        {
            int first = index * TilesOfPiece;
            int tiles = Math.Min(TilesOfPiece, Grid.Count - first);
            float* input = Room.Of(worker);
            float* product = input + WinogradGrid.Places * InputPlace;
            for (int tile = 0; tile < tiles; tile++)
            {
                TransformInput(Pass, Grid.At(first + tile), Zeros, input + tile * (nint)Pass.Channels, InputPlace);
            }

            Multiply(tiles, input, product);
            for (int tile = 0; tile < tiles; tile++)
            {
                TransformOutput(Grid.At(first + tile), product + tile * (nint)Pass.Filters);
            }
        }

        private readonly void Multiply(int tiles, float* input, float* product)
        {
            var shape = new TileShape { Stretches = 1, ARow = Pass.Channels, AStep = 1, CRow = Pass.Filters };
            var panels = new Panels { Stride = (nint)Pass.Channels * TileColumns, Step = TileColumns };
            for (int place = 0; place < WinogradGrid.Places; place++)
            {
                for (int channel = 0; channel < Pass.Channels; channel += ChannelsOfPart)
                {
                    shape.Depth = Math.Min(ChannelsOfPart, Pass.Channels - channel);
                    shape.Accumulate = channel > 0;
                    panels.First = Kernel + place * KernelPlace + channel * TileColumns;
                    ProductBlock<TLanes, TVector>.Run(
                        tiles, Pass.Filters, shape, input + place * InputPlace + channel, panels,
                        product + place * ProductPlace, null);
                }
            }
        }

        private readonly void TransformOutput((int Image, int Row, int Column) at, float* product)
        {
            float* y = Pass.Output + at.Image * Pass.OutputImage + at.Row * Pass.OutputRow + at.Column * Pass.OutputColumn;
            WinogradTiles<TLanes, TVector>.Output(
                product, ProductPlace, Pass.Filters, y, Pass.OutputRow, Pass.OutputColumn,
                Math.Min(4, Pass.Rows - at.Row), Math.Min(4, Pass.Columns - at.Column), Pass.Bias, Pass.Relu);
        }
    }

    /// <summary>Transforms the 6x6 input pixels of a tile; those beyond the border are zero.</summary>
    private static void TransformInput(
        in ConvolutionPass pass, (int Image, int Row, int Column) at, float* zeros, float* target, nint place)
    {
        float** pixels = stackalloc float*[WinogradGrid.Places];
        float* image = pass.Input + at.Image * (nint)pass.Height * pass.Width * pass.Channels;
        for (int i = 0; i < 6; i++)
        {
            int h = at.Row + i - pass.PadTop;
            for (int j = 0; j < 6; j++)
            {
                int w = at.Column + j - pass.PadLeft;
                bool inside = (uint)h < (uint)pass.Height && (uint)w < (uint)pass.Width;
                pixels[6 * i + j] = inside ? image + (h * (nint)pass.Width + w) * pass.Channels : zeros;
            }
        }

        WinogradTiles<TLanes, TVector>.Input(pixels, pass.Channels, target, place);
    }
}
