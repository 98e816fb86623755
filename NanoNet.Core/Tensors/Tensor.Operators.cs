using NanoNet.Core.Ops;

namespace NanoNet.Core.Tensors;

/// <content>Arithmetic as C# writes it; the operations are in <see cref="Op"/>.</content>
public sealed partial class Tensor
{
    /// <summary>a + b with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Op.Add(a, b);

    /// <summary>a − b with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Op.Subtract(a, b);

    /// <summary>a · b, elementwise, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Op.Multiply(a, b);

    /// <summary>a / b, elementwise, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Op.Divide(a, b);

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, float b) => Op.Affine(a, 1, b);

    /// <summary>a + b.</summary>
    public static Tensor operator +(float a, Tensor b) => Op.Affine(b, 1, a);

    /// <summary>a − b.</summary>
    public static Tensor operator -(Tensor a, float b) => Op.Affine(a, 1, -b);

    /// <summary>a − b.</summary>
    public static Tensor operator -(float a, Tensor b) => Op.Affine(b, -1, a);

    /// <summary>a · b.</summary>
    public static Tensor operator *(Tensor a, float b) => Op.Affine(a, b, 0);

    /// <summary>a · b.</summary>
    public static Tensor operator *(float a, Tensor b) => Op.Affine(b, a, 0);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor a, float b) => Op.Affine(a, 1 / b, 0);

    /// <summary>−a.</summary>
    public static Tensor operator -(Tensor a) => Op.Affine(a, -1, 0);

    /// <summary>The same elements under another shape; one size may be −1 and is worked out. No copy.</summary>
    public Tensor Reshape(params ReadOnlySpan<int> sizes) => Op.Reshape(this, sizes);

    /// <summary>The axes in another order; without arguments, reversed.</summary>
    public Tensor Transpose(params ReadOnlySpan<int> axes) => Op.Transpose(this, axes);

    /// <summary>The sum over some axes, or over all when none is named; negative axes count from the last.</summary>
    public Tensor Sum(params ReadOnlySpan<int> axes) => Op.Sum(this, axes);

    /// <summary>The mean over some axes, or over all when none is named.</summary>
    public Tensor Mean(params ReadOnlySpan<int> axes) => Op.Mean(this, axes);

    /// <summary>The largest element over some axes, or over all when none is named.</summary>
    public Tensor Max(params ReadOnlySpan<int> axes) => Op.Max(this, axes);

    /// <summary>The position of the first largest element along an axis, int32.</summary>
    public Tensor ArgMax(int axis = -1) => Op.ArgMax(this, axis);
}
