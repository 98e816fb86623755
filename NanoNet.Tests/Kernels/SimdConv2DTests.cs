using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>
/// Convolutions of the SIMD engine where they are cut: tile and panel edges, strides that skip taps, windows larger than the image, in
/// every vector width, and the same bits for any number of threads.
/// </summary>
public sealed class SimdConv2DTests
{
    private static readonly ConvolutionCase[] Cases =
    [
        new(Conv2DGeometry.Create(1, 1, 1, 1, 1, 1, 1, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(2, 9, 8, 1, 33, 7, 7, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(3, 7, 7, 5, 17, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(2, 8, 6, 3, 4, 3, 3, 1, 1, Padding.Valid)),
        new(Conv2DGeometry.Create(2, 15, 13, 2, 7, 3, 5, 2, 3, Padding.Same)),
        new(Conv2DGeometry.Create(2, 11, 12, 9, 31, 2, 2, 3, 3, Padding.Valid)),
        new(Conv2DGeometry.Create(1, 10, 10, 4, 3, 1, 1, 2, 2, Padding.Same)),
        new(Conv2DGeometry.Create(2, 3, 4, 2, 5, 6, 5, 1, 2, Padding.Same)),
        new(Conv2DGeometry.Create(1, 5, 31, 19, 2, 5, 1, 2, 1, Padding.Valid)),
        new(Conv2DGeometry.Create(4, 6, 6, 33, 65, 3, 3, 2, 2, Padding.Same)),
        new(Conv2DGeometry.Create(2, 12, 9, 7, 6, 4, 3, 3, 2, Padding.Same)),
    ];

    // Tiles at the border cut for none, 3, 2 and 1 outputs, images smaller than a tile, a last piece that is not full, panels of 32 columns that
    // are half full, many tiles of few images.
    private static readonly ConvolutionCase[] WinogradCases =
    [
        new(Conv2DGeometry.Create(17, 7, 7, 48, 32, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(4, 14, 13, 32, 48, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(16, 8, 10, 32, 32, 3, 3, 1, 1, Padding.Valid)),
        new(Conv2DGeometry.Create(65, 3, 4, 32, 80, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(23, 5, 6, 48, 32, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(70, 3, 3, 32, 32, 3, 3, 1, 1, Padding.Same)),
        new(Conv2DGeometry.Create(3, 28, 26, 32, 48, 3, 3, 1, 1, Padding.Same)),
    ];

    public static TheoryData<int> Widths => [.. Enum.GetValues<VectorWidth>().Select(width => (int)width)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_geometry_matches_double_loops(int width)
    {
        using var backend = new SimdBackend(2, exact: true, (VectorWidth)width);
        foreach (var sample in Cases)
        {
            sample.Check(backend);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Any_number_of_threads_gives_the_same_bits(int width)
    {
        using var one = new SimdBackend(1, exact: true, (VectorWidth)width);
        using var two = new SimdBackend(2, exact: true, (VectorWidth)width);
        using var four = new SimdBackend(4, exact: true, (VectorWidth)width);
        foreach (var sample in Cases)
        {
            foreach (var other in (SimdBackend[])[two, four])
            {
                Assert.Equal(sample.Forward(one, true), sample.Forward(other, true));
                Assert.Equal(sample.InputGradient(one), sample.InputGradient(other));
                Assert.Equal(sample.FilterGradient(one), sample.FilterGradient(other));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Winograd_is_precise_and_the_same_for_any_number_of_threads(int width)
    {
        using var one = new SimdBackend(1, exact: false, (VectorWidth)width);
        using var two = new SimdBackend(2, exact: false, (VectorWidth)width);
        using var four = new SimdBackend(4, exact: false, (VectorWidth)width);
        foreach (var sample in WinogradCases)
        {
            Assert.True(WinogradGrid.Pays(sample.Geometry));
            foreach (double error in sample.RelativeErrors(one))
            {
                Assert.True(error < 5e-6, $"{sample.Geometry}: relative error {error}");
            }

            foreach (var other in (SimdBackend[])[two, four])
            {
                Assert.Equal(sample.Forward(one, true), sample.Forward(other, true));
                Assert.Equal(sample.InputGradient(one), sample.InputGradient(other));
                Assert.Equal(sample.FilterGradient(one), sample.FilterGradient(other));
            }
        }
    }

    [Fact]
    public void Winograd_is_precise_with_deep_sums_and_large_batches()
    {
        // 256 channels; more images than the filter gradient transforms at a time.
        Conv2DGeometry[] geometries =
        [
            Conv2DGeometry.Create(64, 4, 4, 256, 32, 3, 3, 1, 1, Padding.Same),
            Conv2DGeometry.Create(740, 3, 3, 32, 32, 3, 3, 1, 1, Padding.Same),
        ];
        using var backend = new SimdBackend(2);
        using var many = new SimdBackend(25);
        foreach (var geometry in geometries)
        {
            var sample = new ConvolutionCase(geometry);
            foreach (double error in sample.RelativeErrors(backend))
            {
                Assert.True(error < 5e-6, $"{geometry}: relative error {error}");
            }

            // Two threads take groups of images, 25 share each step.
            Assert.Equal(sample.Forward(backend, true), sample.Forward(many, true));
            Assert.Equal(sample.InputGradient(backend), sample.InputGradient(many));
            Assert.Equal(sample.FilterGradient(backend), sample.FilterGradient(many));
        }
    }

    [Fact]
    public void Exact_convolutions_do_not_use_winograd()
    {
        using var exact = new SimdBackend(1, exact: true);
        using var fast = new SimdBackend(1);
        WinogradCases[0].Check(exact);
        Assert.NotEqual(WinogradCases[0].Forward(fast, true), WinogradCases[0].Forward(exact, true));
    }
}
