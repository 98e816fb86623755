using NanoNet.Kernels;

namespace NanoNet.Core.Tensors;

/// <summary>
/// Where tensors live and operations run: this CPU, a CUDA GPU, or an OpenCL device. Dispose it last: its tensors go with it.
/// </summary>
/// <remarks>A device serves one thread at a time.</remarks>
public sealed class Device : IDisposable
{
    /// <summary>Wraps a backend and owns it.</summary>
    internal Device(IBackend backend) => Backend = backend;

    /// <summary>What the device is.</summary>
    public DeviceInfo Info => Backend.Device;

    /// <summary>Bytes that live tensors occupy.</summary>
    public long LiveBytes => Backend.Pool.LiveBytes;

    /// <summary>The most bytes that were ever taken from the device.</summary>
    public long PeakBytes => Backend.Pool.PeakBytes;

    internal IBackend Backend { get; }

    /// <summary>Opens a device.</summary>
    /// <param name="choice">Which one; by default CUDA where there is one, else the SIMD engine on this CPU.</param>
    /// <param name="threads">Threads of the SIMD engine; 0 for one a core.</param>
    /// <exception cref="DeviceUnavailableException">It is not there; the message says why.</exception>
    public static Device Open(DeviceChoice choice = DeviceChoice.Auto, int threads = 0) => new(DeviceCatalog.Open(choice, threads));

    /// <summary>Waits until all work is done.</summary>
    public void Synchronize() => Backend.Synchronize();

    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Info.ToString();
}
