using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Formulas;

namespace NanoNet.Core.Ops;

/// <content>Elementwise functions of one tensor; value and derivative come from one formula for all engines.</content>
public static partial class Op
{
    /// <summary>max(0, x); its derivative at 0 is 0.</summary>
    public static Tensor Relu(Tensor x) => Unary<Relu>(x);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Unary<Sigmoid>(x);

    /// <summary>eˣ.</summary>
    public static Tensor Exp(Tensor x) => Unary<Exp>(x);

    /// <summary>The natural logarithm.</summary>
    public static Tensor Log(Tensor x) => Unary<Log>(x);

    /// <summary>√x.</summary>
    public static Tensor Sqrt(Tensor x) => Unary<Sqrt>(x);

    /// <summary>x².</summary>
    public static Tensor Square(Tensor x) => Unary<Square>(x);

    private static Tensor Unary<TFormula>(Tensor x) where TFormula : struct, IUnaryFormula
    {
        var y = Tensor.Allocate(x.Device, x.Shape);
        x.Backend.Unary<TFormula>(y.Buffer, x.Buffer, x.Count);
        GradientTape.Record(y, [x], (tape, dy) =>
        {
            var dx = Tensor.Allocate(x.Device, x.Shape);
            x.Backend.UnaryGradient<TFormula>(dx.Buffer, dy.Buffer, x.Buffer, y.Buffer, x.Count);
            tape.Accumulate(x, dx);
        });
        return y;
    }
}
