using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Core.Ops;

/// <content>Softmax and cross-entropy as one operation on logits.</content>
public static partial class Op
{
    /// <summary>
    /// The mean over the batch of −Σ_c t_c · log softmax(logits)_c. Fused, the gradient (softmax − t) / batch is exact also where
    /// the softmax saturates.
    /// </summary>
    /// <param name="logits">Scores before the softmax, [batch, classes].</param>
    /// <param name="targets">Class indices, int32 [batch], or distributions such as one-hot rows, [batch, classes].</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor SoftmaxCrossEntropy(Tensor logits, Tensor targets) =>
        SoftmaxCrossEntropyWithLosses(logits, targets, out _, out _);

    /// <summary>Also hands out the loss of each example, which has no gradient of its own, for metrics.</summary>
    internal static Tensor SoftmaxCrossEntropyWithLosses(
        Tensor logits, Tensor targets, out Tensor losses, out TargetKind kind)
    {
        losses = SoftmaxCrossEntropyLosses(logits, targets, out kind);
        int rows = logits.Shape[0];
        var targetKind = kind;
        var loss = Tensor.Allocate(logits.Device, Shape.Scalar);
        loss.Backend.ReduceSum(loss.Buffer, losses.Buffer, new(1, rows, 1), 1f / rows);
        GradientTape.Record(loss, [logits, targets], (tape, dy) =>
        {
            var dlogits = Tensor.Allocate(logits.Device, logits.Shape);
            dlogits.Backend.SoftmaxCrossEntropyGradient(
                dlogits.Buffer, dy.Buffer, logits.Buffer, targets.Buffer, targetKind, rows, logits.Shape[1]);
            tape.Accumulate(logits, dlogits);
        });
        return loss;
    }

    /// <summary>The loss of each example, [batch]; see <see cref="SoftmaxCrossEntropy"/>. Has no gradient.</summary>
    internal static Tensor SoftmaxCrossEntropyLosses(Tensor logits, Tensor targets, out TargetKind kind)
    {
        RequireSameDevice(nameof(SoftmaxCrossEntropy), logits, targets);
        ShapeException.ThrowIfRankDiffers(nameof(SoftmaxCrossEntropy), "logits", "batch, classes", logits.Shape, 2);
        var (rows, columns) = (logits.Shape[0], logits.Shape[1]);
        kind = targets.Type == ElementType.Int32 ? TargetKind.ClassIndices : TargetKind.Distributions;
        var expected = kind == TargetKind.ClassIndices ? new Shape(rows) : logits.Shape;
        if (targets.Shape != expected)
        {
            throw ShapeException.Create(nameof(SoftmaxCrossEntropy),
                $"class indices of shape ({rows},) or distributions of shape {logits.Shape}", $"{targets.Type} targets of shape {targets.Shape}");
        }

        var losses = Tensor.Allocate(logits.Device, new Shape(rows));
        losses.Backend.SoftmaxCrossEntropy(losses.Buffer, logits.Buffer, targets.Buffer, kind, rows, columns);
        return losses;
    }
}
