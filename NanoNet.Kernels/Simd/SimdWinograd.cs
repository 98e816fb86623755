namespace NanoNet.Kernels.Simd;

/// <summary>3x3 convolutions by Winograd's F(4x4, 3x3): a quarter of the multiplications, in 36 products over all channels.</summary>
/// <remarks>
/// Some images at a time: their tiles are transformed, then come the 36 products with the transformed kernel, then the products are
/// transformed back, with bias and ReLU. Each product is a job of its own: its part of the kernel, a quarter of a megabyte at most,
/// stays in a core's cache while all tiles pass by, where a piece that took its tiles all the way would read the whole kernel, megabytes,
/// for every few tiles.
/// </remarks>
internal static unsafe partial class SimdWinograd<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Floats of transformed tiles made at a time, 4 MB, or as many as the transformed kernel has where that is more: written by all
    /// cores and read by all through the last-level cache. With less the kernel is read too often, with more the tiles are gone from the
    /// cache.
    /// </summary>
    private const int TransformedFloats = 1 << 20;

    /// <summary>Tiles that are transformed in one piece: some tens of microseconds.</summary>
    private const int TilesOfPiece = 8;

    /// <summary>Filters of one product: with 256 channels an eighth of a megabyte of kernel.</summary>
    private const int FiltersOfProduct = 128;

    /// <summary>Floats added between places, so that the 36 do not compete for the same cache lines.</summary>
    private const int PlacePadding = 16;

    /// <summary>
    /// Channels of a part of a sum on the way there. Short parts: the transforms enlarge the errors of the products.
    /// </summary>
    private const int ChannelsOfPart = 24;

    /// <summary>Channels of a part of a sum on the way back.</summary>
    private const int ChannelsOfLongPart = 64;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>Floats of a transformed kernel.</summary>
    public static nint TransformedKernel(in ConvolutionPass pass) => WinogradGrid.Places * KernelPlace(pass);

    /// <summary>Transforms the kernel.</summary>
    public static void TransformKernel(WorkerTeam team, Scratch scratch, PackKernelJob<TLanes, TVector> pack, float* target)
    {
        nint tap = (nint)pack.Pass.Channels * TileColumns + PlacePadding;
        team.RunByWorker(
            PanelPacking<TLanes, TVector>.Count(pack.Pass.Filters),
            new KernelJob
            {
                Pack = pack,
                Target = target,
                Place = KernelPlace(pack.Pass),
                Tap = tap,
                Taps = scratch.PerWorker(9 * tap),
            });
    }

    /// <summary>Runs a pass with a 3x3 kernel and step 1.</summary>
    /// <param name="team">Who does it.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="pack">The pass and its kernel.</param>
    /// <param name="transformed">The transformed kernel, if there is one already; else null.</param>
    public static void Run(WorkerTeam team, Scratch scratch, PackKernelJob<TLanes, TVector> pack, float* transformed)
    {
        var pass = pack.Pass;
        int perImage = new WinogradGrid(1, pass.Rows, pass.Columns).PerImage;
        int images = ImagesAtATime(pass.Batch, perImage, pass.Channels, pass.Filters, readings: 1);
        var job = new PassJob
        {
            Pass = pass,
            KernelPlace = KernelPlace(pass),
            InputPlace = images * perImage * (nint)pass.Channels + PlacePadding,
            ProductPlace = images * perImage * (nint)pass.Filters + PlacePadding,
        };
        nint zeros = pass.Channels;
        nint kernel = transformed is null ? TransformedKernel(pass) : 0;
        job.Zeros = scratch.Shared(zeros + kernel + WinogradGrid.Places * (job.InputPlace + job.ProductPlace));
        job.Kernel = transformed is null ? job.Zeros + zeros : transformed;
        job.Input = job.Zeros + zeros + kernel;
        job.Product = job.Input + WinogradGrid.Places * job.InputPlace;
        new Span<float>(job.Zeros, pass.Channels).Clear();
        if (transformed is null)
        {
            TransformKernel(team, scratch, pack, job.Kernel);
        }

        for (int image = 0; image < pass.Batch; image += images)
        {
            job.Grid = new WinogradGrid(Math.Min(images, pass.Batch - image), pass.Rows, pass.Columns);
            job.Pass.Input = pass.Input + image * (nint)pass.Height * pass.Width * pass.Channels;
            job.Pass.Output = pass.Output + image * pass.OutputImage;
            int pieces = (job.Grid.Count + TilesOfPiece - 1) / TilesOfPiece;
            team.Run(pieces, new InputJob { Pass = job });
            team.Run(WinogradGrid.Places * job.Blocks, job);
            team.Run(pieces, new OutputJob { Pass = job });
        }
    }

    private static nint KernelPlace(in ConvolutionPass pass) =>
        PanelPacking<TLanes, TVector>.Count(pass.Filters) * (nint)pass.Channels * TileColumns + PlacePadding;

    /// <summary>As many images as keep their transformed tiles in the last-level cache, in batches of nearly equal size.</summary>
    /// <param name="batch">All images.</param>
    /// <param name="tiles">Tiles of an image.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="readings">How often a stage goes through the kernel, be it to read or to write.</param>
    private static int ImagesAtATime(int batch, int tiles, int channels, int filters, int readings)
    {
        nint floats = Math.Max(TransformedFloats, readings * (nint)WinogradGrid.Places * channels * filters);
        nint ofImage = (nint)WinogradGrid.Places * tiles * (channels + filters);
        int most = (int)Math.Clamp(floats / ofImage, 1, batch);
        int times = (batch + most - 1) / most;
        return (batch + times - 1) / times;
    }

    /// <summary>Transforms one panel of the kernel.</summary>
    private struct KernelJob : IWorkerJob
    {
        public PackKernelJob<TLanes, TVector> Pack;
        public float* Target;
        public nint Place;
        public nint Tap;
        public WorkerScratch Taps;

        public readonly void Run(int index, int worker)
        {
            float* taps = Taps.Of(worker);
            nint panel = (nint)Pack.Pass.Channels * TileColumns;
            Pack.PackPanel(index, taps, Tap);
            WinogradTiles<TLanes, TVector>.Kernel(taps, Tap, panel, Target + index * panel, Place);
        }
    }

    /// <summary>One of the 36 products, for some of the filters.</summary>
    private struct PassJob : IParallelJob
    {
        public ConvolutionPass Pass;
        public WinogradGrid Grid;

        /// <summary>A pixel beyond the border.</summary>
        public float* Zeros;

        /// <summary>The transformed kernel, by place, panel and channel.</summary>
        public float* Kernel;

        public nint KernelPlace;

        /// <summary>Transformed tiles, by place, tile and channel.</summary>
        public float* Input;

        public nint InputPlace;

        /// <summary>Their products, by place, tile and filter.</summary>
        public float* Product;

        public nint ProductPlace;

        /// <summary>Blocks of filters.</summary>
        public readonly int Blocks => (Pass.Filters + FiltersOfProduct - 1) / FiltersOfProduct;

        public readonly void Run(int index)
        {
            int place = index / Blocks;
            int filter = index % Blocks * FiltersOfProduct;
            var (first, tiles) = Grid.TilesWith(place);
            var shape = new TileShape
            {
                Stretches = 1,
                Depth = Pass.Channels,
                Part = Pass.InShortParts ? ChannelsOfPart : ChannelsOfLongPart,
                ARow = Pass.Channels,
                AStep = 1,
                CRow = Pass.Filters,
            };
            var panels = new Panels
            {
                First = Kernel + place * KernelPlace + filter * (nint)Pass.Channels,
                Stride = (nint)Pass.Channels * TileColumns,
                Step = TileColumns,
            };
            ProductBlock<TLanes, TVector>.Run(
                tiles, Math.Min(FiltersOfProduct, Pass.Filters - filter), shape,
                Input + place * InputPlace + first * (nint)Pass.Channels, panels,
                Product + place * ProductPlace + first * (nint)Pass.Filters + filter, null);
        }
    }

    /// <summary>Transforms some tiles of the input.</summary>
    private struct InputJob : IParallelJob
    {
        public PassJob Pass;

        public readonly void Run(int index)
        {
            int end = Math.Min((index + 1) * TilesOfPiece, Pass.Grid.Count);
            for (int tile = index * TilesOfPiece; tile < end; tile++)
            {
                float* target = Pass.Input + tile * (nint)Pass.Pass.Channels;
                TransformInput(Pass.Pass, Pass.Grid.At(tile), Pass.Zeros, target, Pass.InputPlace);
            }
        }
    }

    /// <summary>Transforms the products of some tiles back.</summary>
    private struct OutputJob : IParallelJob
    {
        public PassJob Pass;

        public readonly void Run(int index)
        {
            int end = Math.Min((index + 1) * TilesOfPiece, Pass.Grid.Count);
            for (int tile = index * TilesOfPiece; tile < end; tile++)
            {
                TransformOutput(Pass.Grid.At(tile), Pass.Product + tile * (nint)Pass.Pass.Filters);
            }
        }

        private readonly void TransformOutput(in WinogradTile at, float* product)
        {
            var pass = Pass.Pass;
            float* y = pass.Output + at.Image * pass.OutputImage + at.Row * pass.OutputRow + at.Column * pass.OutputColumn;
            WinogradTiles<TLanes, TVector>.Output(
                at, product, Pass.ProductPlace, pass.Filters, y, pass.OutputRow, pass.OutputColumn,
                Math.Min(at.Height, pass.Rows - at.Row), Math.Min(at.Width, pass.Columns - at.Column), pass.Bias, pass.Relu);
        }
    }

    /// <summary>Transforms the input pixels of a tile; those beyond the border are zero.</summary>
    private static void TransformInput(in ConvolutionPass pass, in WinogradTile at, float* zeros, float* target, nint place)
    {
        float** pixels = stackalloc float*[WinogradGrid.Places];
        float* image = pass.Input + at.Image * (nint)pass.Height * pass.Width * pass.Channels;
        for (int i = 0; i < at.Height + 2; i++)
        {
            int h = at.Row + i - pass.PadTop;
            for (int j = 0; j < at.Width + 2; j++)
            {
                int w = at.Column + j - pass.PadLeft;
                bool inside = (uint)h < (uint)pass.Height && (uint)w < (uint)pass.Width;
                pixels[6 * i + j] = inside ? image + (h * (nint)pass.Width + w) * pass.Channels : zeros;
            }
        }

        WinogradTiles<TLanes, TVector>.Input(at, pixels, pass.Channels, target, place);
    }
}
