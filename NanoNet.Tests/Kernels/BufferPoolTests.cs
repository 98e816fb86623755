using NanoNet.Kernels;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class BufferPoolTests
{
    private static readonly DeviceInfo Host = new(DeviceKind.Cpu, "test", "test");

    // What Model B's step rents at batch 32: activations and their gradients, layer by layer.
    private static readonly int[] StepOfModelB =
    [
        32 * 28 * 28 * 64, 32 * 14 * 14 * 64, 32 * 14 * 14 * 128, 32 * 14 * 14 * 128, 32 * 7 * 7 * 128,
        32 * 7 * 7 * 256, 32 * 7 * 7 * 256, 32 * 3 * 3 * 256, 32 * 128, 32 * 64, 32 * 10, 32, 1,
    ];

    [Fact]
    public void What_is_returned_is_handed_out_again()
    {
        using var pool = Create();
        var first = pool.Rent(1000);
        pool.Return(first);
        Assert.Same(first, pool.Rent(1010));
        Assert.Equal(1, pool.Allocations);
        Assert.Equal(0, pool.CachedBytes);
        Assert.Equal(first.ByteLength, pool.LiveBytes);
    }

    [Fact]
    public void The_second_training_step_allocates_nothing()
    {
        using var pool = Create();
        RunStep(pool);
        long allocations = pool.Allocations;
        long peak = pool.PeakBytes;
        RunStep(pool);
        Assert.Equal(allocations, pool.Allocations);
        Assert.Equal(peak, pool.PeakBytes);
        Assert.Equal(0, pool.LiveBytes);
        Assert.Equal(peak, pool.CachedBytes);
        Assert.InRange(pool.PeakBytes, 2 * StepOfModelB.Sum(n => 4L * n), 2.5 * StepOfModelB.Sum(n => 4L * n) + 8192);
    }

    [Fact]
    public void Size_classes_hold_the_request_and_waste_at_most_a_quarter()
    {
        for (long size = 0; size < 70_000; size = (size * 17 / 16) + 1)
        {
            long rounded = BufferPool.SizeClass(size);
            Assert.Equal(0, rounded % DeviceBuffer.Alignment);
            Assert.Equal(rounded, BufferPool.SizeClass(rounded));
            Assert.InRange(rounded, size, Math.Max((size * 5 / 4) + 1, size + DeviceBuffer.Alignment));
        }
    }

    [Fact]
    public void A_buffer_cannot_be_returned_twice()
    {
        using var pool = Create();
        var buffer = pool.Rent(100);
        pool.Return(buffer);
        var error = Assert.Throws<InvalidOperationException>(() => pool.Return(buffer));
        Assert.Contains("returned before", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_buffer_is_free_when_all_owners_have_given_it_back()
    {
        using var pool = Create();
        var buffer = pool.Rent(100).Share();
        buffer.GiveBack();
        Assert.Equal(buffer.ByteLength, pool.LiveBytes);
        buffer.GiveBack();
        Assert.Equal(0, pool.LiveBytes);
        Assert.Throws<InvalidOperationException>(buffer.GiveBack);
    }

    [Fact]
    public void A_slice_cannot_be_returned()
    {
        using var pool = Create();
        Assert.Throws<InvalidOperationException>(() => pool.Return(pool.Rent(1024).Slice(256, 256)));
    }

    [Fact]
    public void A_buffer_of_another_pool_is_refused()
    {
        using var pool = Create();
        using var other = Create();
        var buffer = other.Rent(100);
        var error = Assert.Throws<InvalidOperationException>(() => pool.Return(buffer));
        Assert.Contains("another pool", error.Message, StringComparison.Ordinal);
        other.Return(buffer);
    }

    [Fact]
    public void A_full_device_gets_its_cache_back_and_is_asked_again()
    {
        long free = 10_000;
        using var pool = new BufferPool(size =>
        {
            free -= size;
            return free >= 0 ? new Counted(size, () => free += size) : throw Restore(size);
        });
        Exception Restore(long size)
        {
            free += size;
            return new InsufficientMemoryException();
        }

        pool.Return(pool.Rent(6144));
        var large = pool.Rent(8192);
        Assert.Equal(8192, large.ByteLength);
        Assert.Equal(0, pool.CachedBytes);
        Assert.Throws<InsufficientMemoryException>(() => pool.Rent(4096));
        Assert.Equal(8192, pool.LiveBytes);
    }

    [Fact]
    public void After_its_end_the_pool_lends_nothing_and_frees_what_comes_back()
    {
        int freed = 0;
        var pool = new BufferPool(size => new Counted(size, () => freed++));
        var kept = pool.Rent(100);
        pool.Return(pool.Rent(5000));
        pool.Dispose();
        Assert.Equal(1, freed);
        pool.Return(kept);
        Assert.Equal(2, freed);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(1));
    }

    private static BufferPool Create() => new(size => SimdBuffer.Allocate(size, Host));

    private static void RunStep(BufferPool pool)
    {
        var activations = StepOfModelB.Select(count => pool.Rent(4L * count)).ToList();
        var gradients = StepOfModelB.Select(count => pool.Rent(4L * count)).ToList();
        activations.Concat(gradients).ToList().ForEach(pool.Return);
    }

    private sealed class Counted(long size, Action freed) : DeviceBuffer(size, Host)
    {
        public override DeviceBuffer Slice(long byteOffset, long byteLength) => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => freed();
    }
}
