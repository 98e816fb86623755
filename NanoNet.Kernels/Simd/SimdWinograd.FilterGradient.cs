using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>The filter gradient.</content>
internal static unsafe partial class SimdWinograd<TLanes, TVector>
{
    /// <summary>Filter rows in one piece of the last transform.</summary>
    private const int KernelsOfPiece = 16;

    /// <summary>dfilter from x and dy: the sums of the products run through the tiles.</summary>
    /// <remarks>
    /// Some images at a time: their x and dy are transformed, then each of the 36 products adds to its own gradient. At the end
    /// those are transformed back.
    /// </remarks>
    public static void FilterGradient(
        WorkerTeam team, Scratch scratch, float* dfilter, float* x, float* dy, Conv2DGeometry geometry)
    {
        var g = geometry;
        int perImage = new WinogradGrid(1, g.OutputHeight, g.OutputWidth).PerImage;
        int panels = PanelPacking<TLanes, TVector>.Count(g.Filters);
        nint inputRow = g.Channels + PlacePadding;
        int images = ImagesAtATime(g.Batch, perImage, g.Channels, g.Filters, readings: 2);
        var job = new GradientJob
        {
            Geometry = g,
            Dfilter = dfilter,
            InputRow = inputRow,
            InputPlace = images * perImage * inputRow + PlacePadding,
            PanelStride = images * perImage * (nint)TileColumns,
            GradientPlace = images * perImage * (nint)panels * TileColumns + PlacePadding,
            ProductPlace = (nint)g.Channels * g.Filters + PlacePadding,
        };
        int zeros = Math.Max(g.Channels, g.Filters);
        job.Zeros = scratch.Shared(zeros + WinogradGrid.Places * (job.InputPlace + job.GradientPlace + job.ProductPlace));
        job.Input = job.Zeros + zeros;
        job.Gradient = job.Input + WinogradGrid.Places * job.InputPlace;
        job.Product = job.Gradient + WinogradGrid.Places * job.GradientPlace;
        new Span<float>(job.Zeros, zeros).Clear();
        for (int image = 0; image < g.Batch; image += images)
        {
            int take = Math.Min(images, g.Batch - image);
            job.Accumulate = image > 0;
            job.Grid = new WinogradGrid(take, g.OutputHeight, g.OutputWidth);
            job.X = x + image * (nint)g.Height * g.Width * g.Channels;
            job.Dy = dy + image * (nint)g.OutputHeight * g.OutputWidth * g.Filters;
            int pieces = (job.Grid.Count + TilesOfPiece - 1) / TilesOfPiece;
            team.Run(2 * pieces, new TransformJob { Gradient = job });
            team.Run(WinogradGrid.Places, job);
        }

        team.Run((g.Channels + KernelsOfPiece - 1) / KernelsOfPiece, new KernelGradientJob { Gradient = job });
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
        public Conv2DGeometry Geometry;
        public WinogradGrid Grid;
        public float* X;
        public float* Dy;
        public float* Dfilter;
        public float* Zeros;

        /// <summary>Transformed x, by place, tile and channel.</summary>
        public float* Input;

        public nint InputPlace;
        public nint InputRow;

        /// <summary>Transformed dy, by place, panel, tile and filter.</summary>
        public float* Gradient;

        public nint GradientPlace;
        public nint PanelStride;

        /// <summary>Their products, by place, channel and filter.</summary>
        public float* Product;

        public nint ProductPlace;
        public bool Accumulate;

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

    /// <summary>Transforms the products back, for some channels.</summary>
    private struct KernelGradientJob : IParallelJob
    {
        public GradientJob Gradient;

        public readonly void Run(int index)
        {
            var g = Gradient.Geometry;
            int first = index * KernelsOfPiece;
            nint start = (nint)first * g.Filters;
            nint count = (nint)Math.Min(KernelsOfPiece, g.Channels - first) * g.Filters;
            WinogradTiles<TLanes, TVector>.KernelGradient(
                Gradient.Product + start, Gradient.ProductPlace, count, Gradient.Dfilter + start, (nint)g.Channels * g.Filters);
        }
    }
}
