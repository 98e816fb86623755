namespace NanoNet.Kernels.Cuda;

/// <summary>What a stream was asked to do, recorded; launched as a whole, as often as one likes.</summary>
/// <remarks>
/// Kernels and their arguments are fixed: each launch reads and writes the memory that the recorded calls named, which
/// must stay theirs as long as the graph is launched.
/// </remarks>
internal sealed class CudaGraph : IDisposable
{
    private readonly ICudaGraphs _driver;
    private readonly nint _stream;
    private nint _executable;

    private CudaGraph(ICudaGraphs driver, nint stream, nint executable)
    {
        _driver = driver;
        _stream = stream;
        _executable = executable;
    }

    /// <summary>Records what some calls ask of a stream; nothing of it is done yet.</summary>
    /// <exception cref="CudaGraphException">The driver refused. The stream can be used as before.</exception>
    public static CudaGraph Record(ICudaGraphs driver, nint stream, Action calls)
    {
        Require(driver.BeginCapture(stream), "cuStreamBeginCapture");
        bool isComplete = false;
        nint graph = 0;
        int status = 0;
        try
        {
            calls();
            isComplete = true;
        }
        finally
        {
            // Whatever happened: the stream must work again.
            status = driver.EndCapture(stream, out graph);
            if (graph != 0 && (status != 0 || !isComplete))
            {
                _ = driver.DestroyGraph(graph);
            }
        }

        if (status != 0 || graph == 0)
        {
            throw new CudaGraphException("cuStreamEndCapture", status);
        }

        status = driver.Instantiate(out nint executable, graph);
        _ = driver.DestroyGraph(graph);
        Require(status, "cuGraphInstantiate");
        return new(driver, stream, executable);
    }

    /// <summary>Queues all of it on the stream that it was recorded on.</summary>
    /// <exception cref="CudaGraphException">The driver refused; nothing was queued.</exception>
    public void Launch() => Require(_driver.Launch(_executable, _stream), "cuGraphLaunch");

    /// <summary>Frees the graph. A launch that is under way ends first: the driver sees to that.</summary>
    public void Dispose()
    {
        if (_executable != 0)
        {
            _ = _driver.DestroyExecutable(_executable);
            _executable = 0;
        }
    }

    private static void Require(int status, string function)
    {
        if (status != 0)
        {
            throw new CudaGraphException(function, status);
        }
    }
}
