using NanoNet.Kernels;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;

namespace NanoNet.Core.Tensors;

/// <summary>
/// Where tensors live and operations run: this CPU, a CUDA GPU, or an OpenCL device. Dispose it last: its tensors go
/// with it.
/// </summary>
/// <remarks>A device serves one thread at a time.</remarks>
public sealed class Device : IDisposable
{
    private readonly IBackend _engine;

    /// <summary>Wraps a backend and owns it.</summary>
    internal Device(IBackend backend)
    {
        _engine = backend;
        Backend = backend;
    }

    /// <summary>What the device is.</summary>
    public DeviceInfo Info => _engine.Device;

    /// <summary>Bytes that live tensors occupy.</summary>
    public long LiveBytes => _engine.Pool.LiveBytes;

    /// <summary>The most bytes that were ever taken from the device.</summary>
    public long PeakBytes => _engine.Pool.PeakBytes;

    /// <summary>How the steps of training and evaluation are repeated: as CUDA graphs, or call by call, and why.</summary>
    public string ReplayDescription => _engine.ReplayDescription;

    /// <summary>Who does the work; while a step is recorded, who writes it down.</summary>
    internal IBackend Backend { get; private set; }

    /// <summary>Opens a device.</summary>
    /// <param name="choice">Which one; by default CUDA where there is one, else the SIMD engine on this CPU.</param>
    /// <param name="threads">Threads of the SIMD engine; 0 for one a core.</param>
    /// <param name="exact">
    /// Whether convolutions are computed term by term. Otherwise 3x3 convolutions use Winograd's method where it pays:
    /// faster, with larger rounding errors, below 5e-6 of the result in relative norm.
    /// </param>
    /// <param name="precision">
    /// How matrix products and convolutions multiply: other than in float32 only on NVIDIA GPUs of compute capability 8.0 or above.
    /// </param>
    /// <exception cref="DeviceUnavailableException">
    /// It is not there, or does not multiply in this precision; the message says why.
    /// </exception>
    public static Device Open(
        DeviceChoice choice = DeviceChoice.Auto, int threads = 0, bool exact = false,
        Precision precision = Precision.Float32) =>
        new(DeviceCatalog.Open(choice, threads, exact, precision));

    /// <summary>Waits until all work is done.</summary>
    public void Synchronize() => _engine.Synchronize();

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Info.ToString();

    /// <summary>Writes down what a step asks of this device, without doing any of it.</summary>
    /// <param name="step">The step, in a scope or tape of its own; returns what it leaves to be read, if
    /// anything.</param>
    /// <param name="constants">Tensors that nobody changes while the plan is in use.</param>
    /// <returns>A plan that does it; the caller owns it.</returns>
    internal StepPlan Record(Func<DeviceBuffer?> step, IEnumerable<Tensor> constants)
    {
        using var recorder = new CallRecorder(_engine);
        Backend = recorder;
        try
        {
            return recorder.ToPlan(step(), [.. constants.Select(tensor => tensor.Buffer)]);
        }
        finally
        {
            Backend = _engine;
        }
    }
}
