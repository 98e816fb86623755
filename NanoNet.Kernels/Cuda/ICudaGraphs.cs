namespace NanoNet.Kernels.Cuda;

/// <summary>
/// What NanoNet needs of CUDA's driver to record what a stream is asked to do and repeat it: six functions, which
/// return the driver's error code (0 is success).
/// </summary>
internal interface ICudaGraphs
{
    /// <summary>From here on the stream does not do what it is asked to do, but writes it down.</summary>
    int BeginCapture(nint stream);

    /// <summary>The stream works again; what it wrote down is a graph, or zero if that failed.</summary>
    int EndCapture(nint stream, out nint graph);

    /// <summary>Makes a graph ready to be launched. The graph itself is not needed for that any more.</summary>
    int Instantiate(out nint executable, nint graph);

    /// <summary>Queues all of a graph.</summary>
    int Launch(nint executable, nint stream);

    /// <summary>Frees what <see cref="Instantiate"/> made.</summary>
    int DestroyExecutable(nint executable);

    /// <summary>Frees what <see cref="EndCapture"/> made.</summary>
    int DestroyGraph(nint graph);
}
