using NanoNet.Kernels;
using NanoNet.Kernels.Cuda;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using Xunit;

namespace NanoNet.Tests.Kernels.Cuda;

/// <summary>
/// When a plan is recorded as a graph, when it is launched, and what happens where the driver refuses. The driver is
/// played, and kernels run on ILGPU's CPU accelerator.
/// </summary>
public sealed class StepReplaysTests : IDisposable
{
    private const int Count = 5_000;
    private readonly FakeGraphs _driver = new();
    private readonly IlgpuBackend _backend;
    private readonly DeviceBuffer _x;
    private readonly DeviceBuffer _sum;

    public StepReplaysTests()
    {
        var (device, info) = IlgpuDevices.Cpu;
        _backend = IlgpuBackend.Open(device, info, _driver);
        _x = _backend.Pool.Rent(Count * 4);
        _sum = _backend.Pool.Rent(4);
        _backend.Fill(_x, 1, Count);
    }

    [Fact]
    public void The_first_run_warms_up_the_second_is_recorded_and_all_others_are_launches()
    {
        using (var plan = Summing())
        {
            plan.Run();
            Assert.Empty(_driver.Log);
            plan.Run();
            plan.Run();
            plan.Run();
        }

        Assert.Equal(
            ["begin 0", "end 0", "instantiate 100", "destroy graph 100", "launch 101", "launch 101", "launch 101",
                "destroy executable 101"],
            _driver.Log);
        Assert.Equal(0, _driver.Alive);
        Assert.Equal("as CUDA graphs", _backend.ReplayDescription);
    }

    // Its kernels write there in every launch.
    [Fact]
    public void Scratch_memory_stays_with_the_graph()
    {
        long live = _backend.Pool.LiveBytes;
        using (var plan = Summing())
        {
            plan.Run();
            Assert.Equal(live, _backend.Pool.LiveBytes);
            long allocations = _backend.Pool.Allocations;
            plan.Run();
            Assert.True(_backend.Pool.LiveBytes > live, "the sum takes two passes, the first into scratch memory");
            Assert.Equal(allocations, _backend.Pool.Allocations);
            plan.Run();
        }

        Assert.Equal(live, _backend.Pool.LiveBytes);
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("end")]
    [InlineData("instantiate")]
    [InlineData("launch")]
    public void Where_the_driver_refuses_steps_go_launch_by_launch_and_it_is_not_asked_again(string function)
    {
        _driver.Errors[function] = 801;
        using var first = Summing();
        using var second = Summing();
        long live = _backend.Pool.LiveBytes;
        for (int run = 0; run < 4; run++)
        {
            AssertSums(first);
            AssertSums(second);
        }

        Assert.Single(_driver.Log, entry => entry.StartsWith(function, StringComparison.Ordinal));
        Assert.Equal(live, _backend.Pool.LiveBytes);
        Assert.Equal(0, _driver.Alive);
        Assert.StartsWith("launch by launch, because CUDA's driver refused a graph: cu", _backend.ReplayDescription, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_without_graphs_is_no_failure()
    {
        var (device, info) = IlgpuDevices.Cpu;
        using var backend = IlgpuBackend.Open(device, info, new OldDriver());
        using var recorder = new CallRecorder(backend);
        var y = backend.Pool.Rent(4);
        recorder.Fill(y, 3, 1);
        recorder.Affine(y, y, 2, 1, 1);
        using var plan = recorder.ToPlan();
        plan.Run();
        plan.Run();
        var value = new float[1];
        backend.Download<float>(value, y);
        Assert.Equal(7, value[0]);
        Assert.Contains("entry point", backend.ReplayDescription, StringComparison.OrdinalIgnoreCase);
    }

    // Destroying the device destroys its graphs; a plan that is disposed later must not do so again.
    [Fact]
    public void A_graph_does_not_outlive_its_device()
    {
        var (device, info) = IlgpuDevices.Cpu;
        var backend = IlgpuBackend.Open(device, info, _driver);
        using var recorder = new CallRecorder(backend);
        var y = backend.Pool.Rent(4);
        recorder.Affine(y, y, 2, 1, 1);
        using var plan = recorder.ToPlan();
        plan.Run();
        plan.Run();
        Assert.Equal(1, _driver.Alive);
        backend.Dispose();
        Assert.Equal(0, _driver.Alive);
    }

    // A driver that is asked on a thread whose context is no device's, or another one's, refuses.
    [Fact]
    public void The_device_is_the_threads_own_whenever_the_driver_is_asked()
    {
        var (device, info) = IlgpuDevices.Cpu;
        using var other = IlgpuBackend.Open(device, info, new FakeGraphs());
        var plan = Summing();
        plan.Run();
        OnAnotherThread(plan.Run);
        var elsewhere = other.Pool.Rent(4);
        other.Fill(elsewhere, 1, 1);
        other.Pool.Return(elsewhere);
        plan.Run();
        OnAnotherThread(plan.Run);
        OnAnotherThread(plan.Dispose);
        Assert.Equal(8, _driver.Log.Count);
        Assert.All(_driver.Devices, current => Assert.Same(_backend.Queue.Stream.Accelerator, current));
    }

    // A clock that moves evenly is moved by the steps themselves; any other movement is told to the device.
    [Fact]
    public void The_clock_on_the_device_is_that_of_the_host_however_it_moves()
    {
        const int Rows = 40;
        var clock = new StepClock();
        var (indices, values) = (_backend.Pool.Rent(Rows * 4), _backend.Pool.Rent(Rows * 4));
        _backend.Upload<int>(indices, [.. Enumerable.Range(0, Rows)]);
        _backend.Upload<float>(values, [.. Enumerable.Range(0, Rows).Select(i => (float)i)]);
        using var recorder = new CallRecorder(_backend);
        recorder.Gather(_sum, values, indices, new GatherGeometry(1, 1, ElementType.Float32, 1), clock);
        _driver.Errors["begin"] = 801;
        using var plan = recorder.ToPlan();
        int[] starts = [0, 3, 6, 9, 12, 0, 3, 6, 6, 39, 6, 5, 4, 3, 2];
        foreach (int start in starts)
        {
            clock.Start = start;
            plan.Run();
            Assert.Equal(start, Read());
        }

        // Another clock in between, and this one from where it was.
        _backend.Gather(_sum, values, indices, new GatherGeometry(1, 1, ElementType.Float32, 1), new StepClock { Start = 20 });
        Assert.Equal(20, Read());
        clock.Start = 1;
        plan.Run();
        Assert.Equal(1, Read());
    }

    public void Dispose() => _backend.Dispose();

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private StepPlan Summing()
    {
        using var recorder = new CallRecorder(_backend);
        recorder.ReduceSum(_sum, _x, new ReduceGeometry(1, Count, 1), 1);
        return recorder.ToPlan();
    }

    private void AssertSums(StepPlan plan)
    {
        _backend.Fill(_sum, float.NaN, 1);
        plan.Run();
        Assert.Equal(Count, Read());
    }

    private float Read()
    {
        var value = new float[1];
        _backend.Download<float>(value, _sum);
        return value[0];
    }

    private sealed class OldDriver : ICudaGraphs
    {
        public int BeginCapture(nint stream) => throw new EntryPointNotFoundException("Unable to find an entry point.");

        public int EndCapture(nint stream, out nint graph) => throw new NotSupportedException();

        public int Instantiate(out nint executable, nint graph) => throw new NotSupportedException();

        public int Launch(nint executable, nint stream) => throw new NotSupportedException();

        public int DestroyExecutable(nint executable) => throw new NotSupportedException();

        public int DestroyGraph(nint graph) => throw new NotSupportedException();
    }
}
