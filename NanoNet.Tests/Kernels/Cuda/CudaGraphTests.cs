using NanoNet.Kernels.Cuda;
using Xunit;

namespace NanoNet.Tests.Kernels.Cuda;

/// <summary>
/// The order in which CUDA's driver is asked to record and repeat, and what is left when it refuses: nothing, and a
/// stream that works.
/// </summary>
public sealed class CudaGraphTests
{
    private const nint Stream = 7;
    private readonly FakeGraphs _driver = new();

    [Fact]
    public void Records_once_and_launches_many_times()
    {
        int calls = 0;
        using (var graph = CudaGraph.Record(_driver, Stream, () =>
        {
            Assert.True(_driver.IsCapturing);
            calls++;
        }))
        {
            graph.Launch();
            graph.Launch();
            graph.Dispose();
        }

        Assert.Equal(1, calls);
        Assert.Equal(
            ["begin 7", "end 7", "instantiate 100", "destroy graph 100", "launch 101", "launch 101", "destroy executable 101"],
            _driver.Log);
        Assert.Equal(0, _driver.Alive);
    }

    [Theory]
    [InlineData("begin", 801, "cuStreamBeginCapture gave error 801 (not supported)", "begin 7")]
    [InlineData("end", 901, "cuStreamEndCapture gave error 901 (the recording was broken off", "begin 7, end 7")]
    [InlineData("instantiate", 2, "cuGraphInstantiate gave error 2 (out of memory)",
        "begin 7, end 7, instantiate 100, destroy graph 100")]
    public void A_refusal_leaves_nothing_behind(string function, int error, string message, string log)
    {
        _driver.Errors[function] = error;
        bool called = false;
        var exception = Assert.Throws<CudaGraphException>(() => CudaGraph.Record(_driver, Stream, () => called = true));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(log, string.Join(", ", _driver.Log));
        Assert.Equal(function != "begin", called);
        Assert.False(_driver.IsCapturing);
        Assert.Equal(0, _driver.Alive);
    }

    [Theory]
    [InlineData(0, "begin 7, end 7, destroy graph 100")]
    [InlineData(901, "begin 7, end 7")]
    public void A_call_that_fails_while_it_is_recorded_ends_the_recording(int end, string log)
    {
        _driver.Errors["end"] = end;
        Assert.Throws<TimeoutException>(() => CudaGraph.Record(_driver, Stream, () => throw new TimeoutException()));
        Assert.Equal(log, string.Join(", ", _driver.Log));
        Assert.False(_driver.IsCapturing);
        Assert.Equal(0, _driver.Alive);
    }

    [Fact]
    public void A_launch_that_is_refused_is_told()
    {
        using var graph = CudaGraph.Record(_driver, Stream, () => { });
        _driver.Errors["launch"] = 700;
        Assert.Equal("cuGraphLaunch gave error 700", Assert.Throws<CudaGraphException>(graph.Launch).Message);
    }
}
