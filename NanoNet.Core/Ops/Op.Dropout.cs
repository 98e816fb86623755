using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Random;

namespace NanoNet.Core.Ops;

/// <content>Dropout.</content>
public static partial class Op
{
    /// <summary>
    /// Inverted dropout (Srivastava et al. 2014): each element is zeroed with the mask's probability, the others are scaled by
    /// 1 / (1 − rate). The mask is a function of its key and clock, so none is stored: the way back draws it again.
    /// </summary>
    /// <param name="x">Any shape; the first axis is the batch.</param>
    /// <param name="mask">Rate, key and clock. The clock must not move between this call and the tape's walk back.</param>
    internal static Tensor Dropout(Tensor x, DropoutMask mask)
    {
        int rows = x.Shape[0];
        int columns = x.Shape.RowCount;
        var y = Tensor.Allocate(x.Device, x.Shape);
        y.Backend.Dropout(y.Buffer, x.Buffer, mask, rows, columns);
        GradientTape.Record(y, [x], (tape, dy) =>
        {
            var dx = Tensor.Allocate(x.Device, x.Shape);
            dx.Backend.Dropout(dx.Buffer, dy.Buffer, mask, rows, columns);
            tape.Accumulate(x, dx);
        });
        return y;
    }
}
