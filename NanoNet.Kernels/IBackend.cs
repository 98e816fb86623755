using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Kernels;

/// <summary>
/// Everything a device can do for a neural net: the contract between the engines and the rest of NanoNet.
/// </summary>
/// <remarks>
/// <para>Two implementations: <c>SimdBackend</c> (managed, vectorised, this CPU) and <c>IlgpuBackend</c> (CUDA, OpenCL and
/// ILGPU's CPU accelerator from one kernel source).</para>
/// <para>Arguments come in the order output, inputs, geometry. Buffers hold float32 unless a parameter says otherwise,
/// densely packed in row-major order, from the buffer's first byte. Outputs are overwritten. An output may be the same
/// buffer as an input only where the method says so. Sizes are checked once, in Core: a backend trusts its caller.</para>
/// <para>Calls are queued in order and may return before they are done; <see cref="Download"/> and
/// <see cref="Synchronize"/> wait. A backend serves one thread at a time. Every result is a function of the arguments alone:
/// sums run in an order fixed by geometry, so the same call gives the same bits on every run and for any number of threads.
/// </para>
/// </remarks>
public interface IBackend : IDisposable
{
    // ── Device and memory ────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>What this backend runs on.</summary>
    DeviceInfo Device { get; }

    /// <summary>Where buffers come from and go back to.</summary>
    BufferPool Pool { get; }

    /// <summary>
    /// Whether a call costs more than the work that most calls do, as a GPU's launches do: then plans make few calls of
    /// many.
    /// </summary>
    bool PrefersFewCalls => false;

    /// <summary>How the recorded steps of a plan are repeated, in words: for those who measure.</summary>
    string ReplayDescription => "call by call";

    /// <summary>Copies host values to the start of a buffer.</summary>
    void Upload<T>(DeviceBuffer output, ReadOnlySpan<T> input) where T : unmanaged;

    /// <summary>Copies the start of a buffer to the host, after all work queued before.</summary>
    void Download<T>(Span<T> output, DeviceBuffer input) where T : unmanaged;

    /// <summary>Copies the first <paramref name="byteCount"/> bytes (a multiple of four) of one buffer to another.</summary>
    void Copy(DeviceBuffer output, DeviceBuffer input, long byteCount);

    /// <summary>Sets the first <paramref name="count"/> floats to one value.</summary>
    void Fill(DeviceBuffer output, float value, int count);

    /// <summary>Returns when all queued work is done.</summary>
    void Synchronize();

    // ── Elementwise ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>y = f(x), elementwise. The output may be the input.</summary>
    void Unary<TFormula>(DeviceBuffer y, DeviceBuffer x, int count) where TFormula : struct, IUnaryFormula;

    /// <summary>dx = dy · f'(x, y), elementwise, with y = f(x). <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    void UnaryGradient<TFormula>(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer x, DeviceBuffer y, int count)
        where TFormula : struct, IUnaryFormula;

    /// <summary>
    /// y = f(a, b) with broadcasting; strides of 0 repeat an operand, any other strides permute it.
    /// The output may be an operand that is read in the output's own order.
    /// </summary>
    void Binary<TFormula>(DeviceBuffer y, DeviceBuffer a, DeviceBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula;

    /// <summary>y = scale · x + shift. The output may be the input.</summary>
    void Affine(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count);

    // ── Reductions over the middle of [outer, count, inner] ──────────────────────────────────────────────────────────

    /// <summary>y[o, i] = scale · Σ_c x[o, c, i].</summary>
    void ReduceSum(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale);

    /// <summary>y[o, i] = max_c x[o, c, i].</summary>
    void ReduceMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry);

    /// <summary>y[o, i] = the first c at which x[o, c, i] is largest, as int32.</summary>
    void ArgMax(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry);

    // ── Products ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// c = act(op(a) · op(b) + bias): c [M, N], op(a) [M, K], op(b) [K, N], bias [N] or null.
    /// </summary>
    void MatMul(DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation);

    /// <summary>
    /// Cross-correlation, y = act(x ⋆ filter + bias): x NHWC, filter HWIO, y NHWC, bias [filters] or null.
    /// </summary>
    void Conv2D(DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation);

    /// <summary>The gradient of <see cref="Conv2D"/> (without activation) for its input: dx NHWC from dy NHWC.</summary>
    void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry);

    /// <summary>The gradient of <see cref="Conv2D"/> (without activation) for its filter: dfilter HWIO.</summary>
    void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry);

    /// <summary>
    /// What precedes the gradients of a product that ended in bias and ReLU: dz = dy where y &gt; 0, else 0;
    /// dbias[c] = Σ_r dz[r, c]. All [rows, columns]; <paramref name="dz"/> may be <paramref name="dy"/>.
    /// </summary>
    void ReluBiasGradient(DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns);

    // ── Pooling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// y = the largest value of each window; <paramref name="argmax"/> (int32, like y; null at inference) keeps the place inside
    /// the window, row · width + column, of the first largest. Padding never wins.
    /// </summary>
    void MaxPool2D(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry);

    /// <summary>dx = for each input element, the sum of the dy of those windows that chose it.</summary>
    void MaxPool2DGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry);

    // ── Softmax and loss, by rows of [rows, columns] ─────────────────────────────────────────────────────────────────

    /// <summary>y[r, :] = exp(x[r, :] − max) / Σ. The output may be the input.</summary>
    void Softmax(DeviceBuffer y, DeviceBuffer x, int rows, int columns);

    /// <summary>dx = y · (dy − Σ_c dy · y). <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    void SoftmaxGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer y, int rows, int columns);

    /// <summary>
    /// losses[r] = −Σ_c t[r, c] · log softmax(logits)[r, c], exact also where the softmax saturates (log-sum-exp).
    /// Targets are int32 class indices [rows] or float32 distributions [rows, columns].
    /// </summary>
    void SoftmaxCrossEntropy(DeviceBuffer losses, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns);

    /// <summary>
    /// The gradient of the mean of <see cref="SoftmaxCrossEntropy"/>, times one upstream float:
    /// dlogits[r, c] = upstream[0] / rows · (softmax(logits)[r, c] · Σ_k t[r, k] − t[r, c]).
    /// </summary>
    void SoftmaxCrossEntropyGradient(
        DeviceBuffer dlogits, DeviceBuffer upstream, DeviceBuffer logits, DeviceBuffer targets, TargetKind kind, int rows, int columns);

    /// <summary>
    /// Adds a batch to running totals: <paramref name="metrics"/> holds a <see cref="MetricTotals"/>; the losses are added with
    /// compensation, the rows whose first largest score is the target's are counted.
    /// </summary>
    void AccumulateMetrics(
        DeviceBuffer metrics, DeviceBuffer losses, DeviceBuffer scores, DeviceBuffer targets, TargetKind kind, int rows, int columns);

    // ── Randomness, updates, data ────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// y = x / (1 − rate) where the element is kept, else 0. Whether it is kept follows from the key and the place alone
    /// (<see cref="DropoutMask"/>), so the backward pass calls this on the gradient. The output may be the input.
    /// </summary>
    void Dropout(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns);

    /// <summary>
    /// One step of stochastic gradient descent, as Keras does it. Without momentum w −= rate · g. With it
    /// v = momentum · v − rate · g, then w += v, or w += momentum · v − rate · g with Nesterov's.
    /// </summary>
    void SgdUpdate(
        DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity, float rate, float momentum, bool nesterov, int count);

    /// <summary>
    /// <see cref="SgdUpdate"/> for many parameters at once. No buffer of one may be a buffer of another.
    /// </summary>
    void SgdUpdateAll(ReadOnlySpan<ParameterUpdate> updates, float rate, float momentum, bool nesterov)
    {
        foreach (var (parameter, gradient, velocity, count) in updates)
        {
            SgdUpdate(parameter, gradient, velocity, rate, momentum, nesterov, count);
        }
    }

    /// <summary>
    /// Assembles a batch: y[r, :] = scale · source[indices[clock.Start + r], :] for the geometry's rows. Int32 rows are copied
    /// unscaled, as int32.
    /// </summary>
    void Gather(DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock);
}
