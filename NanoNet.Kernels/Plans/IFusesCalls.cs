using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// An engine that does in one call what a step asks for in several, where each call costs a launch or a pass over
/// memory.
/// </summary>
internal interface IFusesCalls
{
    /// <summary>Whether <see cref="LossStep"/> is better than the calls that it stands for.</summary>
    bool FusesLoss(int rows, int columns);

    /// <summary>
    /// <see cref="IBackend.SoftmaxCrossEntropy"/>, <see cref="IBackend.AccumulateMetrics"/> of its losses, with the
    /// logits as scores, and <see cref="IBackend.SoftmaxCrossEntropyGradient"/>, but for the order of sums over
    /// classes.
    /// </summary>
    /// <param name="metrics">The totals.</param>
    /// <param name="dlogits">The gradient; null where none is wanted.</param>
    /// <param name="upstream">One float that the gradient is multiplied by; null with the gradient.</param>
    /// <param name="logits">The logits.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="kind">How the targets are written.</param>
    /// <param name="rows">Rows of logits and targets.</param>
    /// <param name="columns">Classes.</param>
    void LossStep(
        DeviceBuffer metrics, DeviceBuffer? dlogits, DeviceBuffer? upstream, DeviceBuffer logits, DeviceBuffer targets,
        TargetKind kind, int rows, int columns);

    /// <summary>
    /// The gradient of a ReLU as the product that it comes from is stored: dz = scale · op(a) · op(b) where y &gt; 0,
    /// else 0.
    /// </summary>
    /// <param name="dz">The masked product, [M, N].</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="y">What the ReLU made on the way there, as many elements.</param>
    /// <param name="scale">What dropout scales the gradient by, or 1.</param>
    /// <param name="geometry">The product's sizes.</param>
    void MatMulMasked(
        DeviceBuffer dz, DeviceBuffer a, DeviceBuffer b, DeviceBuffer y, float scale, MatMulGeometry geometry);

    /// <summary><see cref="IBackend.Conv2DInputGradient"/>, masked alike: times scale where y &gt; 0, else 0.</summary>
    void Conv2DInputGradientMasked(
        DeviceBuffer dz, DeviceBuffer dy, DeviceBuffer filter, DeviceBuffer y, float scale, Conv2DGeometry geometry);

    /// <summary>Whether <see cref="GatherTogether"/> can do both.</summary>
    bool FusesGathers(GatherGeometry first, GatherGeometry second);

    /// <summary>
    /// <see cref="IBackend.Gather"/> of inputs and <see cref="IBackend.Gather"/> of their targets, at the same places.
    /// </summary>
    /// <param name="y">The batch's inputs.</param>
    /// <param name="source">All inputs.</param>
    /// <param name="geometry">What is copied of them.</param>
    /// <param name="otherY">The batch's targets.</param>
    /// <param name="otherSource">All targets.</param>
    /// <param name="otherGeometry">What is copied of them.</param>
    /// <param name="indices">The places.</param>
    /// <param name="clock">Says where the batch starts among them.</param>
    void GatherTogether(
        DeviceBuffer y, DeviceBuffer source, GatherGeometry geometry, DeviceBuffer otherY, DeviceBuffer otherSource,
        GatherGeometry otherGeometry, DeviceBuffer indices, StepClock clock);

    /// <summary>
    /// How many rows of a gradient [rows, columns], which is the sum of the rows, <see cref="SgdUpdateAll"/> should be
    /// left: all, fewer (<see cref="SumRowsPartly"/>), or 1, so that the sum is best finished before.
    /// </summary>
    int RowsForUpdate(int rows, int columns);

    /// <summary>y [<see cref="RowsForUpdate"/>, columns]: sums of neighbouring rows of x.</summary>
    void SumRowsPartly(DeviceBuffer y, DeviceBuffer x, int rows, int columns);

    /// <summary><see cref="IBackend.SgdUpdateAll"/> where a gradient may still be rows to be summed.</summary>
    /// <param name="updates">The parameters.</param>
    /// <param name="gradientRows">For each the rows of its gradient, [rows, count].</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">The momentum.</param>
    /// <param name="nesterov">Whether it is Nesterov's.</param>
    /// <param name="movesClock">
    /// Whether it also moves the engine's clock on, as the last call of a step that is repeated.
    /// </param>
    void SgdUpdateAll(
        ReadOnlySpan<ParameterUpdate> updates, ReadOnlySpan<int> gradientRows,
        float rate, float momentum, bool nesterov, bool movesClock);
}
