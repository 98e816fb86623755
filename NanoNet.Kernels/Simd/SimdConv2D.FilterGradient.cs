using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>The filter gradient.</content>
internal static unsafe partial class SimdConv2D<TLanes, TVector>
{
    /// <summary>Rows of dfilter in a piece: a multiple of every tile's height.</summary>
    private const int GradientRows = 48;

    /// <summary>dfilter from x and dy: a product whose sums run through the output pixels, image by image.</summary>
    /// <remarks>
    /// Rows of dfilter are channels under a tap. Those of one kernel row lie side by side in the image, so that they are the
    /// rows of tiles; from step to step the tile moves one output further. First all images are copied with their padding, and dy
    /// is packed into panels.
    /// </remarks>
    public static void FilterGradient(
        WorkerTeam team, Scratch scratch, float* dfilter, float* x, float* dy, Conv2DGeometry geometry)
    {
        int panels = PanelPacking<TLanes, TVector>.Count(geometry.Filters);
        int pixels = geometry.OutputHeight * geometry.OutputWidth;
        var job = new GradientJob
        {
            Geometry = geometry,
            X = x,
            Dy = dy,
            Dfilter = dfilter,
            WindowRows = (geometry.OutputHeight - 1) * geometry.StrideHeight + geometry.KernelHeight,
            WindowColumns = (geometry.OutputWidth - 1) * geometry.StrideWidth + geometry.KernelWidth,
            Panels = panels,
            Blocks = (geometry.KernelWidth * geometry.Channels + GradientRows - 1) / GradientRows,
            PackedImage = (nint)panels * TileColumns * pixels,
        };
        job.Packed = scratch.Shared(geometry.Batch * (job.PackedImage + job.WindowImage));
        job.Windows = job.Packed + geometry.Batch * job.PackedImage;
        team.Run(geometry.Batch, new PrepareGradientJob { Gradient = job });
        team.Run(geometry.KernelHeight * job.Blocks * panels, job);
    }

    /// <summary>Copies one image with its padding, and packs its dy.</summary>
    private struct PrepareGradientJob : IParallelJob
    {
        public GradientJob Gradient;

        public readonly void Run(int index)
        {
            var g = Gradient.Geometry;
            int pixels = g.OutputHeight * g.OutputWidth;
            ImageWindow.Copy(
                Gradient.Windows + index * Gradient.WindowImage,
                Gradient.X + index * (nint)g.Height * g.Width * g.Channels,
                g.Height, g.Width, g.Channels, -g.PadTop, -g.PadLeft, Gradient.WindowRows, Gradient.WindowColumns);
            PanelPacking<TLanes, TVector>.Pack(
                Gradient.Packed + index * Gradient.PackedImage, (nint)pixels * TileColumns,
                Gradient.Dy + index * (nint)pixels * g.Filters, g.Filters, pixels, g.Filters);
        }
    }

    /// <summary>Some rows of dfilter under one kernel row, by one panel of filters, over the whole batch.</summary>
    private struct GradientJob : IParallelJob
    {
        public Conv2DGeometry Geometry;
        public float* X;
        public float* Dy;
        public float* Dfilter;
        public float* Windows;
        public float* Packed;
        public int WindowRows;
        public int WindowColumns;
        public int Panels;

        /// <summary>Pieces to a kernel row.</summary>
        public int Blocks;

        /// <summary>Elements of packed dy of an image.</summary>
        public nint PackedImage;

        /// <summary>Elements of a padded image.</summary>
        public readonly nint WindowImage => (nint)WindowRows * WindowColumns * Geometry.Channels;

        public readonly void Run(int index)
        {
            var g = Geometry;
            int panel = index % Panels;
            int kernelRow = index / Panels / Blocks;
            int first = index / Panels % Blocks * GradientRows;
            int stretch = g.KernelWidth * g.Channels;
            nint windowRow = (nint)WindowColumns * g.Channels;
            nint step = (nint)g.StrideWidth * g.Channels;
            int column = panel * TileColumns;
            float* c = Dfilter + ((nint)kernelRow * stretch + first) * g.Filters + column;
            for (int image = 0; image < g.Batch; image++)
            {
                var shape = new TileShape
                {
                    Stretches = g.OutputHeight,
                    Depth = g.OutputWidth,
                    ARow = 1,
                    AStep = step,
                    AJump = g.StrideHeight * windowRow - g.OutputWidth * step,
                    CRow = g.Filters,
                    Accumulate = image > 0,
                };
                var panels = new Panels
                {
                    First = Packed + image * PackedImage + (nint)column * g.OutputHeight * g.OutputWidth,
                    Step = TileColumns,
                };
                ProductBlock<TLanes, TVector>.Run(
                    Math.Min(GradientRows, stretch - first), Math.Min(TileColumns, g.Filters - column), shape,
                    Windows + image * WindowImage + kernelRow * windowRow + first, panels, c, null);
            }
        }
    }
}
