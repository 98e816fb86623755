using ILGPU.Runtime;
using NanoNet.Kernels.Cuda;

namespace NanoNet.Tests.Kernels.Cuda;

/// <summary>
/// Plays CUDA's driver: writes down what it is asked, keeps account of what exists, and fails where a test says so.
/// </summary>
internal sealed class FakeGraphs : ICudaGraphs
{
    private readonly HashSet<nint> _alive = [];
    private nint _next = 100;

    /// <summary>What was asked, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The error that each function gives; none when it is not listed.</summary>
    public Dictionary<string, int> Errors { get; } = [];

    /// <summary>The device that was the asking thread's each time.</summary>
    public List<Accelerator?> Devices { get; } = [];

    /// <summary>Graphs and executables that nobody has freed.</summary>
    public int Alive => _alive.Count;

    /// <summary>Whether a recording was begun and not ended.</summary>
    public bool IsCapturing { get; private set; }

    public int BeginCapture(nint stream)
    {
        int status = Answer("begin", stream);
        Assert(!IsCapturing);
        IsCapturing = status == 0;
        return status;
    }

    public int EndCapture(nint stream, out nint graph)
    {
        int status = Answer("end", stream);
        Assert(IsCapturing);
        IsCapturing = false;
        graph = status == 0 ? Make() : 0;
        return status;
    }

    public int Instantiate(out nint executable, nint graph)
    {
        Assert(_alive.Contains(graph));
        int status = Answer("instantiate", graph);
        executable = status == 0 ? Make() : 0;
        return status;
    }

    public int Launch(nint executable, nint stream)
    {
        Assert(_alive.Contains(executable) && !IsCapturing);
        return Answer("launch", executable);
    }

    public int DestroyExecutable(nint executable) => Destroy("destroy executable", executable);

    public int DestroyGraph(nint graph) => Destroy("destroy graph", graph);

    private int Destroy(string function, nint handle)
    {
        Assert(_alive.Remove(handle));
        return Answer(function, handle);
    }

    private int Answer(string function, nint handle)
    {
        Log.Add($"{function} {handle}");
        Devices.Add(Accelerator.Current);
        return Errors.GetValueOrDefault(function);
    }

    private nint Make()
    {
        _alive.Add(_next);
        return _next++;
    }

    // What a real driver answers with undefined behaviour.
    private static void Assert(bool condition) => Xunit.Assert.True(condition, "a call that the driver does not survive");
}
