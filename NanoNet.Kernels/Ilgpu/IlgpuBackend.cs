using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using NanoNet.Kernels.Cuda;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The engine whose kernels ILGPU compiles from C#: on NVIDIA GPUs through CUDA, on any GPU through OpenCL, and on
/// ILGPU's CPU accelerator for debugging. Each family of operations is a file of its own; this class only unwraps
/// buffers and passes on.
/// </summary>
public sealed partial class IlgpuBackend : IBackend, IReplaysSteps, IFusesCalls
{
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly ElementwiseKernels _elementwise;
    private readonly ReduceKernels _reduce;
    private readonly MatMulKernels _matMul;
    private readonly MaxPool2DKernels _maxPool2D;
    private readonly SoftmaxKernels _softmax;
    private readonly LossKernels _loss;
    private readonly DropoutKernels _dropout;
    private readonly UpdateKernels _update;
    private readonly GatherKernels _gather;
    private readonly DeviceClock _clock;
    private readonly StepReplays _replays;
    private bool _isDisposed;

    private IlgpuBackend(
        Device device, DeviceInfo info, ICudaGraphs? graphs, bool reusesMemory, bool exact, Precision precision)
    {
        Device = info;
        _context = CreateContext();
        try
        {
            _accelerator = device.CreateAccelerator(_context);
            // A stream of our own: the default one of CUDA waits for all others and cannot be captured in a graph.
            _stream = _accelerator.CreateStream();
        }
        catch
        {
            _accelerator?.Dispose();
            _context.Dispose();
            throw;
        }

        Pool = new BufferPool(bytes => IlgpuBuffer.Allocate(_accelerator, bytes, info), reusesMemory);
        var queue = new KernelQueue(_accelerator, _stream, Pool);
        _clock = new DeviceClock(queue, IlgpuBuffer.Allocate(_accelerator, DeviceBuffer.Alignment, info));
        var cuda = _stream as CudaStream;
        _replays = new StepReplays(
            queue, _clock, graphs ?? (cuda is null ? null : new CudaGraphs()), cuda?.StreamPtr ?? 0);
        Queue = queue;
        _elementwise = new ElementwiseKernels(queue);
        _reduce = new ReduceKernels(queue);
        Products = new ProductKernels(queue);
        if (precision != Precision.Float32)
        {
            Products.Tensor = new TensorProducts<CudaTensorCore>(queue, Products, precision);
        }

        _matMul = new MatMulKernels(Products);
        Convolutions = new Conv2DKernels(Products, new WinogradKernels(queue, Products), exact);
        _maxPool2D = new MaxPool2DKernels(queue);
        _softmax = new SoftmaxKernels(queue);
        _loss = new LossKernels(queue);
        _dropout = new DropoutKernels(queue);
        _update = new UpdateKernels(queue);
        _gather = new GatherKernels(queue);
    }

    /// <inheritdoc/>
    public DeviceInfo Device { get; }

    /// <inheritdoc/>
    public BufferPool Pool { get; }

    /// <inheritdoc/>
    public bool PrefersFewCalls => true;

    /// <inheritdoc/>
    public string ReplayDescription => _replays.Description;

    /// <summary>What all kernels are launched through.</summary>
    internal KernelQueue Queue { get; }

    /// <summary>Whether the device multiplies TF32 matrices.</summary>
    internal bool HasTensorCores => MultipliesTf32(_accelerator.Device);

    /// <summary>What multiplies: tests try each of its plans.</summary>
    internal ProductKernels Products { get; }

    /// <summary>Convolutions.</summary>
    internal Conv2DKernels Convolutions { get; }

    /// <summary>Starts the engine on a device and lets it compute something, so that what opens also works.</summary>
    /// <param name="device">The device.</param>
    /// <param name="info">What it is.</param>
    /// <param name="graphs">Who records graphs; by default CUDA's driver, where the device is CUDA's.</param>
    /// <param name="reusesMemory">Whether the pool hands buffers out again; see <see cref="BufferPool"/>.</param>
    /// <param name="exact">Whether convolutions do without Winograd's method.</param>
    /// <param name="precision">How it multiplies.</param>
    /// <exception cref="DeviceUnavailableException">The device or its driver failed; the message says how.</exception>
    internal static IlgpuBackend Open(
        Device device, DeviceInfo info, ICudaGraphs? graphs = null, bool reusesMemory = true, bool exact = false,
        Precision precision = Precision.Float32)
    {
        if (precision != Precision.Float32 && !MultipliesTf32(device))
        {
            throw new DeviceUnavailableException($"'{info.Name}' has no tensor cores for TF32: {info.Description}.");
        }

        IlgpuBackend? backend = null;
        try
        {
            backend = new IlgpuBackend(device, info, graphs, reusesMemory, exact, precision);
            backend.CheckThatItComputes();
            return backend;
        }
        catch (Exception exception)
        {
            // Drivers fail in ways of their own; whatever it is, the user hears of it and can take another device.
            backend?.Abandon();
            throw exception as DeviceUnavailableException
                ?? new DeviceUnavailableException(
                    $"'{info.Name}' cannot be used: {exception.Message.Trim()}", exception);
        }
    }

    /// <summary>
    /// An ILGPU context with NanoNet's settings and no devices: those are found by <see cref="IlgpuDevices"/>.
    /// </summary>
    /// <remarks>
    /// O2, because only then every pointer's address space is known at compile time, which OpenCL devices without a
    /// generic address space need (the pass of it that breaks kernels is left out: <see cref="CodePlacementFix"/>).
    /// Default mathematics: exact roots and divisions, no flushing of small numbers.
    /// </remarks>
    internal static Context CreateContext()
    {
        NativeLibraries.Register();
        return Context.Create(builder =>
            builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Math(MathMode.Default));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        // Everything queued ends first: drivers, PoCL above all, do not like to lose memory that a kernel still uses.
        _stream.Synchronize();
        _replays.Dispose();
        _clock.Dispose();
        Pool.Dispose();
        _stream.Dispose();
        _accelerator.Dispose();
        _context.Dispose();
    }

    // Frees what a broken driver still lets go of: the failure that led here is the one to tell.
    private void Abandon()
    {
        try
        {
            Dispose();
        }
        catch (AcceleratorException)
        {
            _context.Dispose();
        }
    }

    // ── Device and memory ────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Upload<T>(DeviceBuffer output, ReadOnlySpan<T> input) where T : unmanaged
    {
        var source = MemoryMarshal.AsBytes(input);
        unsafe
        {
            fixed (byte* pinned = source)
            {
                Of(output).Bytes.CopyFromCPU(_stream, ref *pinned, source.Length);
            }
        }
    }

    /// <inheritdoc/>
    public void Download<T>(Span<T> output, DeviceBuffer input) where T : unmanaged
    {
        var target = MemoryMarshal.AsBytes(output);
        unsafe
        {
            fixed (byte* pinned = target)
            {
                Of(input).Bytes.CopyToCPU(_stream, ref *pinned, target.Length);
            }
        }
    }

    /// <inheritdoc/>
    public void Copy(DeviceBuffer output, DeviceBuffer input, long byteCount) =>
        Of(input).Bytes.SubView(0, byteCount).CopyTo(_stream, Of(output).Bytes.SubView(0, byteCount));

    /// <inheritdoc/>
    public void Fill(DeviceBuffer output, float value, int count) => _elementwise.Fill(Of(output), value, count);

    /// <inheritdoc/>
    public void Synchronize() => _stream.Synchronize();

    /// <inheritdoc/>
    IStepReplay IReplaysSteps.Prepare(Action calls, StepClock? clock, bool movesClock) =>
        _replays.Prepare(calls, clock, movesClock);

    private static bool MultipliesTf32(Device device) => device is CudaDevice { Architecture: { } architecture }
        && architecture >= CudaArchitecture.SM_80;

    private void CheckThatItComputes()
    {
        const float Expected = 42;
        Span<float> values = stackalloc float[3];
        var buffer = Pool.Rent(values.Length * sizeof(float));
        Fill(buffer, Expected, values.Length);
        Download(values, buffer);
        Pool.Return(buffer);
        if (values.ContainsAnyExcept(Expected))
        {
            throw new DeviceUnavailableException($"'{Device.Name}' cannot be used: it computes wrong results.");
        }
    }
}
