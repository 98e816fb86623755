using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>When the GPU engine uses Winograd's method, and where its tiles lie.</summary>
public sealed class WinogradTilingTests
{
    [Theory]
    [InlineData(32, 14, 64, 128, true)]
    [InlineData(32, 14, 128, 128, true)]
    [InlineData(32, 7, 128, 256, true)]
    [InlineData(32, 7, 256, 256, true)]
    [InlineData(256, 14, 64, 128, true)]
    [InlineData(256, 7, 256, 128, true)]
    [InlineData(1, 14, 64, 128, false)]
    [InlineData(256, 14, 32, 128, false)]
    [InlineData(256, 14, 128, 63, false)]
    [InlineData(4096, 56, 256, 256, false)]
    public void It_is_used_where_it_saves_more_than_its_traffic_costs_and_has_room(
        int batch, int size, int channels, int filters, bool pays)
    {
        var geometry = Conv2DGeometry.Create(batch, size, size, channels, filters, 3, 3, 1, 1, Padding.Same);
        Assert.Equal(pays, WinogradTiling.Pays(geometry));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(3, 2)]
    public void Other_kernels_and_strides_are_none_of_its(int kernel, int stride)
    {
        var geometry = Conv2DGeometry.Create(256, 14, 14, 128, 128, kernel, kernel, stride, stride, Padding.Same);
        Assert.False(WinogradTiling.CanDo(geometry));
        Assert.False(WinogradTiling.Pays(geometry));
    }

    [Fact]
    public void Every_output_is_in_one_tile()
    {
        var tiling = new WinogradTiling(Conv2DGeometry.Create(3, 9, 5, 1, 1, 3, 3, 1, 1, Padding.Same));
        var covered = from tile in Enumerable.Range(0, tiling.Count)
                      let at = tiling.At(tile)
                      from i in Enumerable.Range(at.Row, 4)
                      from j in Enumerable.Range(at.Column, 4)
                      where i < 9 && j < 5
                      select (at.Image, i, j);
        var all = from image in Enumerable.Range(0, 3)
                  from i in Enumerable.Range(0, 9)
                  from j in Enumerable.Range(0, 5)
                  select (image, i, j);
        Assert.Equal(all, covered.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exact_device_does_without(bool exact)
    {
        using var backend = (IlgpuBackend)DeviceCatalog.Open(DeviceChoice.IlgpuCpu, exact: exact);
        var geometry = Conv2DGeometry.Create(256, 14, 14, 128, 128, 3, 3, 1, 1, Padding.Same);
        Assert.Equal(!exact, backend.Convolutions.IsByTiles(geometry));
    }
}
