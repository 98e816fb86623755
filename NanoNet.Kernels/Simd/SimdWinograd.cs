namespace NanoNet.Kernels.Simd;

/// <summary>3x3 convolutions by Winograd's F(4x4, 3x3): a quarter of the multiplications, in 36 products over all channels.</summary>
/// <remarks>
/// Some images at a time: their tiles are transformed, then come the 36 products with the transformed kernel, then the products are
/// transformed back, with bias and ReLU. Where there are images enough, a group of them is one thread's from the beginning to the end,
/// and nothing but the kernel is shared: cores with different last-level caches exchange data slowly. Where there are few, threads
/// divide each step among them, so that the kernel, megabytes, is not read by every thread for a few tiles.
/// </remarks>
internal static unsafe partial class SimdWinograd<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Floats of transformed tiles made at a time where threads share each step, 4 MB, or as many as the transformed kernel has where
    /// that is more. With less the kernel is read too often, with more the tiles are gone from the last-level cache.
    /// </summary>
    private const int TransformedFloats = 1 << 20;

    /// <summary>
    /// Floats of transformed tiles and products of a group of images, 2.5 MB: one thread's, so that all threads' find room in the
    /// last-level cache beside the kernel.
    /// </summary>
    private const int FloatsOfGroup = 640 << 10;

    /// <summary>Tiles of a group: with fewer the kernel, which every group reads, is read too often.</summary>
    private const int LeastTilesOfGroup = 32;

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
        nint kernel = transformed is null ? TransformedKernel(pass) : 0;
        bool inGroups = pass.Batch * (long)perImage >= team.Threads * (long)LeastTilesOfGroup;
        int images = inGroups
            ? ImagesOfGroup(pass, perImage, team.Threads)
            : ImagesAtATime(pass.Batch, perImage, pass.Channels, pass.Filters, readings: 1);
        var job = new PassJob(pass, images * perImage);
        float* shared = scratch.Shared(kernel + (inGroups ? 0 : job.Floats));
        job.Kernel = transformed is null ? shared : transformed;
        if (transformed is null)
        {
            TransformKernel(team, scratch, pack, shared);
        }

        if (inGroups)
        {
            var group = new GroupJob { Pass = job, Images = images, Memory = scratch.PerWorker(job.Floats) };
            team.RunByWorker(Chunks.Cover(pass.Batch, images), group);
            return;
        }

        job.UseMemory(shared + kernel);
        for (int image = 0; image < pass.Batch; image += images)
        {
            Steps(team, job.ForImages(image, Math.Min(images, pass.Batch - image)));
        }
    }

    /// <summary>A pass over some images, by the team or, without one, by the caller.</summary>
    private static void Steps(WorkerTeam? team, in PassJob pass)
    {
        Do(team, pass.Pieces, new InputJob { Pass = pass });
        Do(team, pass.Products, new ProductJob { Pass = pass });
        Do(team, pass.Pieces, new OutputJob { Pass = pass });
    }

    /// <summary>All pieces of a job, by the team or, without one, by the caller.</summary>
    private static void Do<TJob>(WorkerTeam? team, int count, TJob job) where TJob : unmanaged, IParallelJob
    {
        if (team is not null)
        {
            team.Run(count, job);
            return;
        }

        for (int index = 0; index < count; index++)
        {
            job.Run(index);
        }
    }

    /// <summary>Images of a group: about as many for each thread, and their transformed tiles stay near.</summary>
    private static int ImagesOfGroup(in ConvolutionPass pass, int perImage, int threads)
    {
        nint ofImage = WinogradGrid.Places * (nint)perImage * (pass.Channels + pass.Filters);
        int most = (int)Math.Clamp(FloatsOfGroup / ofImage, 1, Chunks.Cover(pass.Batch, threads));
        most = Math.Max(most, Chunks.Cover(LeastTilesOfGroup, perImage));
        int groups = Chunks.Cover(Chunks.Cover(pass.Batch, most), threads) * threads;
        return Chunks.Cover(pass.Batch, groups);
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

    /// <summary>A group of images all the way, by one worker and in its own memory.</summary>
    private struct GroupJob : IWorkerJob
    {
        public PassJob Pass;
        public int Images;
        public WorkerScratch Memory;

        public readonly void Run(int index, int worker)
        {
            var pass = Pass;
            pass.UseMemory(Memory.Of(worker));
            int image = index * Images;
            Steps(null, pass.ForImages(image, Math.Min(Images, pass.Pass.Batch - image)));
        }
    }

    /// <summary>The three steps of a pass over some images, each in pieces.</summary>
    private struct PassJob
    {
        public ConvolutionPass Pass;

        /// <summary>The transformed kernel, by place, panel and channel.</summary>
        public float* Kernel;

        private readonly nint _kernelPlace;
        private readonly nint _inputPlace;
        private readonly nint _productPlace;

        // A pixel beyond the border; transformed tiles, by place, tile and channel; their products, by place, tile and filter.
        private float* _zeros;
        private float* _input;
        private float* _product;
        private WinogradGrid _grid;

        public PassJob(in ConvolutionPass pass, int tiles)
        {
            Pass = pass;
            _kernelPlace = KernelPlace(pass);
            _inputPlace = tiles * (nint)pass.Channels + PlacePadding;
            _productPlace = tiles * (nint)pass.Filters + PlacePadding;
        }

        /// <summary>Floats of memory that are needed.</summary>
        public readonly nint Floats => Pass.Channels + WinogradGrid.Places * (_inputPlace + _productPlace);

        /// <summary>Pieces of the first and of the last step.</summary>
        public readonly int Pieces => Chunks.Cover(_grid.Count, TilesOfPiece);

        /// <summary>Products: one for each place and block of filters.</summary>
        public readonly int Products => WinogradGrid.Places * Blocks;

        private readonly int Blocks => Chunks.Cover(Pass.Filters, FiltersOfProduct);

        /// <summary>Takes memory for tiles and products.</summary>
        public void UseMemory(float* memory)
        {
            _zeros = memory;
            _input = _zeros + Pass.Channels;
            _product = _input + WinogradGrid.Places * _inputPlace;
            new Span<float>(_zeros, Pass.Channels).Clear();
        }

        /// <summary>The same for some of the images.</summary>
        public readonly PassJob ForImages(int first, int count)
        {
            var job = this;
            job._grid = new WinogradGrid(count, Pass.Rows, Pass.Columns);
            job.Pass.Input += first * (nint)Pass.Height * Pass.Width * Pass.Channels;
            job.Pass.Output += first * Pass.OutputImage;
            return job;
        }

        /// <summary>Transforms some tiles of the input.</summary>
        public readonly void TransformInput(int piece)
        {
            int end = Math.Min((piece + 1) * TilesOfPiece, _grid.Count);
            for (int tile = piece * TilesOfPiece; tile < end; tile++)
            {
                SimdWinograd<TLanes, TVector>.TransformInput(
                    Pass, _grid.At(tile), _zeros, _input + tile * (nint)Pass.Channels, _inputPlace);
            }
        }

        /// <summary>One of the 36 products, for some of the filters.</summary>
        public readonly void Multiply(int product)
        {
            int place = product / Blocks;
            int filter = product % Blocks * FiltersOfProduct;
            var (first, tiles) = _grid.TilesWith(place);
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
                First = Kernel + place * _kernelPlace + filter * (nint)Pass.Channels,
                Stride = (nint)Pass.Channels * TileColumns,
                Step = TileColumns,
                FollowEachOther = product + 1 < Products,
            };
            ProductBlock<TLanes, TVector>.Run(
                tiles, Math.Min(FiltersOfProduct, Pass.Filters - filter), shape,
                _input + place * _inputPlace + first * (nint)Pass.Channels, panels,
                _product + place * _productPlace + first * (nint)Pass.Filters + filter, null);
        }

        /// <summary>Transforms the products of some tiles back.</summary>
        public readonly void TransformOutput(int piece)
        {
            int end = Math.Min((piece + 1) * TilesOfPiece, _grid.Count);
            for (int tile = piece * TilesOfPiece; tile < end; tile++)
            {
                var at = _grid.At(tile);
                float* y = Pass.Output + at.Image * Pass.OutputImage + at.Row * Pass.OutputRow + at.Column * Pass.OutputColumn;
                WinogradTiles<TLanes, TVector>.Output(
                    at, _product + tile * (nint)Pass.Filters, _productPlace, Pass.Filters, y, Pass.OutputRow, Pass.OutputColumn,
                    Math.Min(at.Height, Pass.Rows - at.Row), Math.Min(at.Width, Pass.Columns - at.Column), Pass.Bias, Pass.Relu);
            }
        }
    }

    private struct InputJob : IParallelJob
    {
        public PassJob Pass;

        public readonly void Run(int index) => Pass.TransformInput(index);
    }

    private struct ProductJob : IParallelJob
    {
        public PassJob Pass;

        public readonly void Run(int index) => Pass.Multiply(index);
    }

    private struct OutputJob : IParallelJob
    {
        public PassJob Pass;

        public readonly void Run(int index) => Pass.TransformOutput(index);
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
