using System.Runtime.InteropServices;

namespace NanoNet.Kernels.Cuda;

/// <summary>The driver's own functions; <see cref="Ilgpu.NativeLibraries"/> finds its library.</summary>
/// <remarks>
/// Signatures as in cuda.h: handles (CUstream, CUgraph, CUgraphExec) are pointers, CUresult and CUstreamCaptureMode
/// C enumerations, so ints. Drivers have all of these from CUDA 11.4 on; an older one lacks an entry point, and .NET
/// throws <see cref="EntryPointNotFoundException"/>.
/// </remarks>
internal sealed partial class CudaGraphs : ICudaGraphs
{
    private const string Driver = "cuda";

    // CU_STREAM_CAPTURE_MODE_RELAXED: whatever else the program asks of the driver meanwhile (a finalizer that frees
    // memory, another thread with another device) is done as ever. The stricter modes would end the capture.
    private const int Relaxed = 2;

    /// <inheritdoc/>
    public int BeginCapture(nint stream) => StreamBeginCapture(stream, Relaxed);

    /// <inheritdoc/>
    public int EndCapture(nint stream, out nint graph) => StreamEndCapture(stream, out graph);

    /// <inheritdoc/>
    public int Instantiate(out nint executable, nint graph) => GraphInstantiate(out executable, graph, flags: 0);

    /// <inheritdoc/>
    public int Launch(nint executable, nint stream) => GraphLaunch(executable, stream);

    /// <inheritdoc/>
    public int DestroyExecutable(nint executable) => GraphExecDestroy(executable);

    /// <inheritdoc/>
    public int DestroyGraph(nint graph) => GraphDestroy(graph);

    // CUresult cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode)
    [LibraryImport(Driver, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int StreamBeginCapture(nint stream, int mode);

    // CUresult cuStreamEndCapture(CUstream hStream, CUgraph* phGraph)
    [LibraryImport(Driver, EntryPoint = "cuStreamEndCapture")]
    private static partial int StreamEndCapture(nint stream, out nint graph);

    // CUresult cuGraphInstantiateWithFlags(CUgraphExec* phGraphExec, CUgraph hGraph, unsigned long long flags)
    [LibraryImport(Driver, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int GraphInstantiate(out nint executable, nint graph, ulong flags);

    // CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream)
    [LibraryImport(Driver, EntryPoint = "cuGraphLaunch")]
    private static partial int GraphLaunch(nint executable, nint stream);

    // CUresult cuGraphExecDestroy(CUgraphExec hGraphExec)
    [LibraryImport(Driver, EntryPoint = "cuGraphExecDestroy")]
    private static partial int GraphExecDestroy(nint executable);

    // CUresult cuGraphDestroy(CUgraph hGraph)
    [LibraryImport(Driver, EntryPoint = "cuGraphDestroy")]
    private static partial int GraphDestroy(nint graph);
}
