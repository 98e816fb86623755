using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The engine whose kernels ILGPU compiles from C#: on NVIDIA GPUs through CUDA, on any GPU through OpenCL, and on ILGPU's CPU
/// accelerator for debugging. Each family of operations is a file of its own; this class only unwraps buffers and passes on.
/// </summary>
public sealed class IlgpuBackend : IBackend
{
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly ElementwiseKernels _elementwise;
    private readonly ReduceKernels _reduce;
    private readonly MatMulKernels _matMul;
    private readonly Conv2DKernels _conv2D;
    private readonly MaxPool2DKernels _maxPool2D;
    private readonly SoftmaxKernels _softmax;
    private readonly LossKernels _loss;
    private readonly DropoutKernels _dropout;
    private readonly UpdateKernels _update;
    private readonly GatherKernels _gather;

    private IlgpuBackend(Device device, DeviceInfo info)
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

        Pool = new BufferPool(bytes => IlgpuBuffer.Allocate(_accelerator, bytes, info));
        var queue = new KernelQueue(_accelerator, _stream, Pool);
        _elementwise = new ElementwiseKernels(queue);
        _reduce = new ReduceKernels(queue);
        var products = new ProductKernels(queue);
        _matMul = new MatMulKernels(products);
        _conv2D = new Conv2DKernels(products);
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

    /// <summary>Starts the engine on a device and lets it compute something, so that what opens also works.</summary>
    /// <exception cref="DeviceUnavailableException">The device or its driver failed; the message says how.</exception>
    internal static IlgpuBackend Open(Device device, DeviceInfo info)
    {
        IlgpuBackend? backend = null;
        try
        {
            backend = new IlgpuBackend(device, info);
            backend.CheckThatItComputes();
            return backend;
        }
        catch (Exception exception)
        {
            // Drivers fail in ways of their own; whatever it is, the user hears of it and can take another device.
            backend?.Abandon();
            throw exception as DeviceUnavailableException
                ?? new DeviceUnavailableException($"'{info.Name}' cannot be used: {exception.Message.Trim()}", exception);
        }
    }

    /// <summary>An ILGPU context with NanoNet's settings and no devices: those are found by <see cref="IlgpuDevices"/>.</summary>
    /// <remarks>
    /// O2, because only then every pointer's address space is known at compile time, which OpenCL devices without a generic
    /// address space need. Default mathematics: exact roots and divisions, no flushing of small numbers.
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
        // Everything queued ends first: drivers, PoCL above all, do not like to lose memory that a kernel still uses.
        _stream.Synchronize();
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

    // ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) where TFormula : struct, IUnaryFormula =>
        _elementwise.Unary<TFormula>(Of(y), Of(x), count);

    /// <inheritdoc/>
    public void UnaryGradient<TFormula>(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count)
        where TFormula : struct, IUnaryFormula =>
        _elementwise.UnaryGradient<TFormula>(Of(dx), Of(dy), Of(x), Of(y), count);

    /// <inheritdoc/>
    public void Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula => _elementwise.Binary<TFormula>(Of(y), Of(a), Of(b), geometry);

    /// <inheritdoc/>
    public void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count) =>
        _elementwise.Affine(Of(y), Of(x), scale, shift, count);

    // ── Reductions ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale) =>
        _reduce.Sum(Of(y).Floats, Of(x).Floats, geometry, scale);

    /// <inheritdoc/>
    public void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) =>
        _reduce.Max(Of(y).Floats, Of(x).Floats, geometry);

    /// <inheritdoc/>
    public void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry) => _reduce.ArgMax(Of(y), Of(x), geometry);

    // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MatMul(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation) =>
        _matMul.MatMul(Of(c), Of(a), Of(b), OfOrNull(bias), geometry, activation);

    /// <inheritdoc/>
    public void Conv2D(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation) =>
        _conv2D.Forward(Of(y), Of(x), Of(filter), OfOrNull(bias), geometry, activation);

    /// <inheritdoc/>
    public void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry) =>
        _conv2D.InputGradient(Of(dx), Of(dy), Of(filter), geometry);

    /// <inheritdoc/>
    public void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry) =>
        _conv2D.FilterGradient(Of(dfilter), Of(x), Of(dy), geometry);

    /// <inheritdoc/>
    public void ReluBiasGradient(DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        _reduce.ReluBiasGradient(Of(dz), Of(dbias), Of(dy), Of(y), rows, columns);

    // ── Pooling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry) =>
        _maxPool2D.Forward(Of(y), OfOrNull(argmax), Of(x), geometry);

    /// <inheritdoc/>
    public void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry) =>
        _maxPool2D.Gradient(Of(dx), Of(dy), Of(argmax), geometry);

    // ── Softmax and loss ─────────────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns) =>
        _softmax.Softmax(Of(y), Of(x), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns) =>
        _softmax.SoftmaxGradient(Of(dx), Of(dy), Of(y), rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropy(
        DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        _loss.Forward(Of(losses), Of(logits), Of(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        _loss.Gradient(Of(dlogits), Of(upstream), Of(logits), Of(targets), kind, rows, columns);

    /// <inheritdoc/>
    public void AccumulateMetrics(
        DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets, TargetKind kind, int rows, int columns) =>
        _loss.AccumulateMetrics(Of(metrics), Of(losses), Of(scores), Of(targets), kind, rows, columns);

    // ── Randomness, updates, data ────────────────────────────────────────────────────────────────────────────────────

    /// <inheritdoc/>
    public void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns) =>
        _dropout.Dropout(Of(y), Of(x), mask, rows, columns);

    /// <inheritdoc/>
    public void SgdUpdate(
        DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity, float rate, float momentum, bool nesterov, int count) =>
        _update.Sgd(Of(parameter), Of(gradient), OfOrNull(velocity), rate, momentum, nesterov, count);

    /// <inheritdoc/>
    public void Gather(DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock) =>
        _gather.Gather(Of(y), Of(source), Of(indices), geometry, clock.Start);

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

    private static IlgpuBuffer Of(DeviceBuffer buffer) => (IlgpuBuffer)buffer;

    private static IlgpuBuffer? OfOrNull(DeviceBuffer? buffer) => (IlgpuBuffer?)buffer;
}
