using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>The filter gradient.</content>
internal static unsafe partial class SimdWinograd<TLanes, TVector>
{
    /// <summary>
    /// Floats of a half's sums and of the transformed tiles that are made at a time, 5 MB: two threads' find room in the last-level cache, and
    /// the sums are not added to too often.
    /// </summary>
    private const int FloatsOfHalf = 1280 << 10;

    /// <summary>Filter rows in one piece of the last transform.</summary>
    private const int KernelsOfPiece = 16;

    /// <summary>dfilter from x and dy: the sums of the products run through the tiles.</summary>
    /// <remarks>
    /// Some images at a time: their x and dy are transformed, then each of the 36 products adds to its own gradient. At the end
    /// those are transformed back. Large batches are summed in two halves, on any number of threads, so that the bits are the same. Two
    /// threads take one each, from the beginning to the end and in memory of their own: they exchange nothing but the sums. More divide each
    /// step among them.
    /// </remarks>
    public static void FilterGradient(
        WorkerTeam team, Scratch scratch, float* dfilter, float* x, float* dy, Conv2DGeometry geometry)
    {
        var job = new GradientJob(geometry, x, dy, dfilter);
        job.UseMemory(team, scratch);
        if (job.AtOnce(team))
        {
            team.Run(2, new HalfJob { Gradient = job });
        }
        else
        {
            for (int half = 0; half < job.Halves; half++)
            {
                AddUp(team, job.ForHalf(half));
            }
        }

        team.Run(Chunks.Cover(geometry.Channels, KernelsOfPiece), new KernelGradientJob { Gradient = job });
    }

    /// <summary>
    /// Whether a batch is summed in halves: where the 36 sums, of which there are two then, leave room for tiles beside them, and are few
    /// beside the tiles of a half.
    /// </summary>
    private static bool InHalves(in Conv2DGeometry g, int perImage) =>
        2 * Sums(g) <= Math.Min(FloatsOfHalf, g.Batch / 2 * (nint)perImage * WinogradGrid.Places * (g.Channels + g.Filters));

    /// <summary>Floats of the 36 sums.</summary>
    private static nint Sums(in Conv2DGeometry g) => WinogradGrid.Places * (nint)g.Channels * g.Filters;

    /// <summary>The 36 sums over one half of the batch, by the team or, without one, by the caller.</summary>
    private static void AddUp(WorkerTeam? team, GradientJob half)
    {
        for (int image = half.First; image < half.End; image += half.Images)
        {
            var job = half.ForImages(image, Math.Min(half.Images, half.End - image));
            Do(team, 2 * Chunks.Cover(job.Grid.Count, TilesOfPiece), new TransformJob { Gradient = job });
            Do(team, WinogradGrid.Places, job);
        }
    }

    /// <summary>One half of the batch, by one thread.</summary>
    private struct HalfJob : IParallelJob
    {
        public GradientJob Gradient;

        public readonly void Run(int index) => AddUp(null, Gradient.ForHalf(index));
    }

    /// <summary>Transforms some tiles of x or of dy.</summary>
    private struct TransformJob : IParallelJob
    {
        public GradientJob Gradient;

        public readonly void Run(int index)
        {
            int first = index / 2 * TilesOfPiece;
            int end = Math.Min(first + TilesOfPiece, Gradient.Grid.Count);
            var g = Gradient.Geometry;
            var pass = new ConvolutionPass
            {
                Input = Gradient.X,
                Height = g.Height,
                Width = g.Width,
                Channels = g.Channels,
                PadTop = g.PadTop,
                PadLeft = g.PadLeft,
            };
            for (int tile = first; tile < end; tile++)
            {
                var at = Gradient.Grid.At(tile);
                if (index % 2 == 0)
                {
                    TransformInput(pass, at, Gradient.Zeros, Gradient.Input + tile * Gradient.InputRow, Gradient.InputPlace);
                }
                else
                {
                    TransformOutputGradient(at, Gradient.Gradient + tile * (nint)TileColumns);
                }
            }
        }

        private readonly void TransformOutputGradient(in WinogradTile at, float* target)
        {
            var g = Gradient.Geometry;
            float** pixels = stackalloc float*[16];
            float* image = Gradient.Dy + at.Image * (nint)g.OutputHeight * g.OutputWidth * g.Filters;
            for (int i = 0; i < at.Height; i++)
            {
                for (int j = 0; j < at.Width; j++)
                {
                    int p = at.Row + i;
                    int q = at.Column + j;
                    bool inside = p < g.OutputHeight && q < g.OutputWidth;
                    pixels[4 * i + j] = inside ? image + (p * (nint)g.OutputWidth + q) * g.Filters : Gradient.Zeros;
                }
            }

            WinogradTiles<TLanes, TVector>.OutputGradient(
                at, pixels, g.Filters, target, Gradient.GradientPlace, Gradient.PanelStride);
        }
    }

    /// <summary>One of the 36 products.</summary>
    private struct GradientJob : IParallelJob
    {
        public readonly Conv2DGeometry Geometry;
        public readonly float* Dfilter;

        /// <summary>Parts of the batch that are summed by themselves: two or one.</summary>
        public readonly int Halves;

        /// <summary>Images whose tiles are transformed at a time.</summary>
        public readonly int Images;

        public readonly nint InputPlace;
        public readonly nint InputRow;
        public readonly nint GradientPlace;
        public readonly nint PanelStride;
        public readonly nint ProductPlace;

        /// <summary>Floats from the sums of one half to those of the other, and from its tiles: none if the halves follow each other.</summary>
        public nint ProductHalf;
        public nint TileHalf;

        public float* X;
        public float* Dy;
        public float* Zeros;

        /// <summary>Transformed x, by place, tile and channel.</summary>
        public float* Input;

        /// <summary>Transformed dy, by place, panel, tile and filter.</summary>
        public float* Gradient;

        /// <summary>Their products, by place, channel and filter.</summary>
        public float* Product;

        /// <summary>First image of the half, and one beyond the last.</summary>
        public int First;
        public int End;

        public WinogradGrid Grid;
        public bool Accumulate;

        public GradientJob(in Conv2DGeometry geometry, float* x, float* dy, float* dfilter)
        {
            var g = geometry;
            Geometry = g;
            X = x;
            Dy = dy;
            Dfilter = dfilter;
            int perImage = new WinogradGrid(1, g.OutputHeight, g.OutputWidth).PerImage;
            Halves = InHalves(g, perImage) ? 2 : 1;
            Images = Halves == 2
                ? Chunks.Even(Chunks.Cover(g.Batch, 2), ImagesWithin(FloatsOfHalf - Sums(g), perImage, g.Channels, g.Filters))
                : ImagesAtATime(g.Batch, perImage, g.Channels, g.Filters, readings: 2);
            nint tiles = Images * (nint)perImage;
            InputRow = g.Channels + PlacePadding;
            InputPlace = tiles * InputRow + PlacePadding;
            PanelStride = tiles * TileColumns;
            GradientPlace = PanelPacking<TLanes, TVector>.Count(g.Filters) * PanelStride + PlacePadding;
            ProductPlace = (nint)g.Channels * g.Filters + PlacePadding;
            End = g.Batch;
        }

        private readonly int ZeroCount => Math.Max(Geometry.Channels, Geometry.Filters);

        /// <summary>Takes memory for tiles and products; for each half its own where two threads work on them at once.</summary>
        public void UseMemory(WorkerTeam team, Scratch scratch)
        {
            nint tiles = ZeroCount + WinogradGrid.Places * (InputPlace + GradientPlace);
            nint products = WinogradGrid.Places * ProductPlace;
            if (AtOnce(team))
            {
                var memory = scratch.PerWorker(tiles + products);
                Zeros = memory.Of(0);
                TileHalf = (nint)(memory.Of(1) - Zeros);
                ProductHalf = TileHalf;
            }
            else
            {
                Zeros = scratch.Shared(tiles + Halves * products);
                ProductHalf = products;
            }

            Input = Zeros + ZeroCount;
            Gradient = Input + WinogradGrid.Places * InputPlace;
            Product = Gradient + WinogradGrid.Places * GradientPlace;
            new Span<float>(Zeros, ZeroCount).Clear();
            new Span<float>(Zeros + TileHalf, ZeroCount).Clear();
        }

        /// <summary>Whether two threads take a half each.</summary>
        public readonly bool AtOnce(WorkerTeam team) => Halves == 2 && team.Threads == 2;

        /// <summary>The same for one half of the batch.</summary>
        public readonly GradientJob ForHalf(int half)
        {
            var job = this;
            int images = Chunks.Cover(Geometry.Batch, Halves);
            job.First = half * images;
            job.End = Math.Min(job.First + images, Geometry.Batch);
            job.Zeros += half * TileHalf;
            job.Input += half * TileHalf;
            job.Gradient += half * TileHalf;
            job.Product += half * ProductHalf;
            return job;
        }

        /// <summary>The same for some images of the half.</summary>
        public readonly GradientJob ForImages(int image, int count)
        {
            var g = Geometry;
            var job = this;
            job.Grid = new WinogradGrid(count, g.OutputHeight, g.OutputWidth);
            job.Accumulate = image > First;
            job.X += image * (nint)g.Height * g.Width * g.Channels;
            job.Dy += image * (nint)g.OutputHeight * g.OutputWidth * g.Filters;
            return job;
        }

        public readonly void Run(int index)
        {
            // Without tiles that have the place the sum is empty: zeros.
            var (first, tiles) = Grid.TilesWith(index);
            var shape = new TileShape
            {
                Stretches = 1,
                Depth = tiles,
                ARow = 1,
                AStep = InputRow,
                CRow = Geometry.Filters,
                Accumulate = Accumulate,
            };
            var panels = new Panels
            {
                First = Gradient + index * GradientPlace + first * (nint)TileColumns,
                Stride = PanelStride,
                Step = TileColumns,
            };
            ProductBlock<TLanes, TVector>.Run(
                Geometry.Channels, Geometry.Filters, shape, Input + index * InputPlace + first * InputRow, panels,
                Product + index * ProductPlace, null);
        }
    }

    /// <summary>Adds the halves' products and transforms them back, for some channels.</summary>
    private struct KernelGradientJob : IParallelJob
    {
        public GradientJob Gradient;

        public readonly void Run(int index)
        {
            var g = Gradient.Geometry;
            int first = index * KernelsOfPiece;
            nint start = (nint)first * g.Filters;
            nint count = (nint)Math.Min(KernelsOfPiece, g.Channels - first) * g.Filters;
            float* product = Gradient.Product + start;
            WinogradTiles<TLanes, TVector>.KernelGradient(
                product, Gradient.Halves == 2 ? product + Gradient.ProductHalf : null, Gradient.ProductPlace, count, Gradient.Dfilter + start, (nint)g.Channels * g.Filters);
        }
    }
}
