using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>Where the SIMD engine's working memory lies.</summary>
public sealed unsafe class ScratchTests
{
    private const int Count = 1000;
    private const long Apart = 2 << 20;

    [Fact]
    public void Blocks_of_workers_lie_two_megabytes_apart()
    {
        using var scratch = new Scratch(3);
        var blocks = scratch.PerWorker(Count);
        for (int worker = 1; worker < 3; worker++)
        {
            float* end = blocks.Of(worker - 1) + Count;
            Assert.True((byte*)blocks.Of(worker) - (byte*)end >= Apart, $"worker {worker}");
        }
    }

    [Fact]
    public void A_single_worker_has_no_more_than_it_asked_for()
    {
        using var scratch = new Scratch(1);
        scratch.PerWorker(Count);
        Assert.InRange(scratch.Bytes, Count * sizeof(float), Count * sizeof(float) + 256);
    }
}
