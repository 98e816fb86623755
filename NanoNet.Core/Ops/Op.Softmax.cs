using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Ops;

/// <content>Softmax.</content>
public static partial class Op
{
    /// <summary>exp(x) / Σ exp(x) along the last axis, shifted by the largest element so that nothing overflows.</summary>
    public static Tensor Softmax(Tensor x)
    {
        int columns = x.Shape.Rank == 0 ? 1 : x.Shape[^1];
        int rows = x.Count / columns;
        var y = Tensor.Allocate(x.Device, x.Shape);
        y.Backend.Softmax(y.Buffer, x.Buffer, rows, columns);
        GradientTape.Record(y, [x], (tape, dy) =>
        {
            var dx = Tensor.Allocate(x.Device, x.Shape);
            y.Backend.SoftmaxGradient(dx.Buffer, dy.Buffer, y.Buffer, rows, columns);
            tape.Accumulate(x, dx);
        });
        return y;
    }
}
