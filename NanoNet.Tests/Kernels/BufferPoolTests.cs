using Xunit;

namespace NanoNet.Tests.Kernels;

public class BufferPoolTests
{
    [Fact]
    public void What_is_returned_is_handed_out_again()
    {
        using var rig = new SimdRig();
        var pool = rig.Engine.Pool;
        var first = pool.Rent(1000);
        pool.Return(first);
        Assert.Same(first, pool.Rent(1010));
        Assert.Equal(1, pool.Allocations);
        Assert.Equal(0, pool.CachedBytes);
        Assert.Equal(first.ByteLength, pool.LiveBytes);
    }
}
