using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Tensors;

/// <summary>Making tensors, reading them, and what they print.</summary>
public sealed class TensorTests
{
    private static Device Device => Engines.Simd.Device;

    private static string Name => Device.Info.Name;

    [Fact]
    public void A_matrix_prints_as_in_NumPy() => Assert.Equal(
        $"Tensor (2, 3) Float32 on {Name}{Environment.NewLine}[[1, 2.5, -3],\n [0.001, 1E+06, NaN]]",
        Printed(() => Tensor.From(Device, [1, 2.5f, -3, 0.001f, 1e6f, float.NaN], new(2, 3))));

    [Fact]
    public void Long_axes_are_shortened_to_their_ends() => Assert.Equal(
        $"Tensor (8,) Float32 on {Name}{Environment.NewLine}[1, 2, 3, …, 6, 7, 8]",
        Printed(() => Tensor.From(Device, [1, 2, 3, 4, 5, 6, 7, 8], new(8))));

    [Fact]
    public void An_axis_that_is_just_short_enough_is_printed_whole() => Assert.Equal(
        $"Tensor (6,) Float32 on {Name}{Environment.NewLine}[1, 2, 3, 4, 5, 6]",
        Printed(() => Tensor.From(Device, [1, 2, 3, 4, 5, 6], new(6))));

    [Fact]
    public void Labels_and_scalars_print_too()
    {
        Assert.Equal($"Tensor (2,) Int32 on {Name}{Environment.NewLine}[7, 9]", Printed(() => Tensor.FromLabels(Device, [7, 9])));
        Assert.Equal($"Tensor () Float32 on {Name}{Environment.NewLine}0.5", Printed(() => Tensor.Full(Device, 0.5f, Shape.Scalar)));
    }

    [Fact]
    public void Deeper_axes_are_nested() => Assert.Equal(
        $"Tensor (2, 1, 2) Float32 on {Name}{Environment.NewLine}[[[1, 2]],\n [[3, 4]]]",
        Printed(() => Tensor.From(Device, [1, 2, 3, 4], new(2, 1, 2))));

    [Fact]
    public void Reading_checks_type_and_count()
    {
        using var scope = new TensorScope();
        var labels = Tensor.FromLabels(Device, [1, 2]);
        var numbers = Tensor.Ones(Device, new(2, 2));
        Assert.Equal("ToArray() reads Float32 elements, this tensor of shape (2,) holds Int32.",
            Assert.Throws<InvalidOperationException>(labels.ToArray).Message);
        Assert.Equal("ToLabels() reads Int32 elements, this tensor of shape (2, 2) holds Float32.",
            Assert.Throws<InvalidOperationException>(numbers.ToLabels).Message);
        Assert.Equal("Item() reads a tensor of one element, this one has shape (2, 2). Use ToArray().",
            Assert.Throws<InvalidOperationException>(() => numbers.Item()).Message);
        Assert.Equal(1, Tensor.Ones(Device, new(1, 1)).Item());
    }

    [Fact]
    public void A_clone_has_memory_of_its_own_and_a_reshaped_tensor_shares_it()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Device, [1, 2, 3, 4], new(4));
        var clone = x.Clone();
        var view = x.Reshape(2, 2);
        x.Assign([5, 6, 7, 8]);
        Assert.Equal([1, 2, 3, 4], clone.ToArray());
        Assert.Equal([5, 6, 7, 8], view.ToArray());
    }

    [Fact]
    public void Operations_never_change_their_operands()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Device, [1, -2, 3, -4], new(2, 2));
        _ = x + x;
        _ = (x * 2) - x.Transpose();
        _ = Core.Ops.Op.Softmax(Core.Ops.Op.Relu(x));
        _ = x.Max(0);
        Assert.Equal([1, -2, 3, -4], x.ToArray());
    }

    [Fact]
    public void ArgMax_takes_the_first_largest_along_any_axis()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Device, [1, 5, 5, 7, 0, 7], new(2, 3));
        Assert.Equal([1, 0], x.ArgMax().ToLabels());
        Assert.Equal([1, 0, 1], x.ArgMax(0).ToLabels());
        Assert.Equal(new Shape(3), x.ArgMax(0).Shape);
    }

    private static string Printed(Func<Tensor> make)
    {
        using var scope = new TensorScope();
        return make().ToString();
    }
}
