using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Ops;

/// <summary>
/// What an operation, a tensor or a layer says to shapes that do not fit: its name, what it expected, what it got, and the cure.
/// </summary>
public sealed class ShapeMistakeTests
{
    private static readonly (string Message, Action Mistake)[] s_mistakes =
    [
        ("Add: expected shapes that broadcast (aligned at the right, sizes equal or 1), got (2, 3) and (2,).", () => _ = Of(2, 3) + Of(2)),
        ("Multiply: expected shapes that broadcast (aligned at the right, sizes equal or 1), got (4, 1, 3) and (2, 5).", () => _ = Of(4, 1, 3) * Of(2, 5)),
        ("MatMul: expected as many columns left as rows right, got (2, 3) · (4, 5).", () => Op.MatMul(Of(2, 3), Of(4, 5))),
        ("MatMul: expected a left operand of rank 2 (rows, columns), got shape (3,).", () => Op.MatMul(Of(3), Of(3, 5))),
        ("MatMul: expected a right operand of rank 2 (rows, columns), got shape (3, 5, 1).", () => Op.MatMul(Of(2, 3), Of(3, 5, 1))),
        ("Dense: expected inputs of 4 features for a kernel of shape (4, 5), got (2, 3).", () => Op.Dense(Of(2, 3), Of(4, 5))),
        ("Dense: expected a bias of shape (5,), got (4,).", () => Op.Dense(Of(2, 3), Of(3, 5), Of(4))),
        ("Dense: expected an input of rank 2 (batch, features), got shape (2, 3, 1).", () => Op.Dense(Of(2, 3, 1), Of(3, 5))),
        ("Conv2D: expected an input of rank 4 (batch, height, width, channels), got shape (2, 3).", () => Op.Conv2D(Of(2, 3), Of(3, 3, 1, 8))),
        ("Conv2D: expected 3 channels for a kernel of shape (5, 5, 3, 8), got an input of shape (2, 28, 28, 1) with 1.",
            () => Op.Conv2D(Of(2, 28, 28, 1), Of(5, 5, 3, 8))),
        ("Conv2D: expected images of at least 5 x 5 pixels, got an input of shape (2, 4, 9, 1). Use Padding.Same or a smaller kernel.",
            () => Op.Conv2D(Of(2, 4, 9, 1), Of(5, 5, 1, 8))),
        ("Conv2D: expected a bias of shape (8,), got (1,).", () => Op.Conv2D(Of(2, 9, 9, 1), Of(5, 5, 1, 8), Of(1))),
        ("MaxPool2D: expected images of at least 3 x 2 pixels, got an input of shape (2, 2, 9, 1).", () => Op.MaxPool2D(Of(2, 2, 9, 1), 3, 2, 1, 1)),
        ("SoftmaxCrossEntropy: expected class indices of shape (4,) or distributions of shape (4, 10), got Int32 targets of shape (3,).",
            () => Op.SoftmaxCrossEntropy(Of(4, 10), Tensor.FromLabels(Device, [1, 2, 3]))),
        ("SoftmaxCrossEntropy: expected class indices of shape (4,) or distributions of shape (4, 10), got Float32 targets of shape (4,).",
            () => Op.SoftmaxCrossEntropy(Of(4, 10), Of(4))),
        ("SoftmaxCrossEntropy: expected logits of rank 2 (batch, classes), got shape (10,).", () => Op.SoftmaxCrossEntropy(Of(10), Of(10))),
        ("Reshape: expected sizes that hold the 6 elements of (2, 3), got (4, -1).", () => Of(2, 3).Reshape(4, -1)),
        ("Reshape: expected sizes that hold the 6 elements of (2, 3), got (-1, -1).", () => Of(2, 3).Reshape(-1, -1)),
        ("Reshape: expected sizes that hold the 6 elements of (2, 3), got (-2, -3).", () => Of(2, 3).Reshape(-2, -3)),
        ("Transpose: expected a permutation of the 2 axes of (2, 3), got (0, 0).", () => Of(2, 3).Transpose(0, 0)),
        ("Sum: expected axes from -2 to 1 for shape (2, 3), got 2.", () => Of(2, 3).Sum(2)),
        ("Mean: expected each axis once, got (0, -2).", () => Of(2, 3).Mean(0, -2)),
        ("ArgMax: expected axes from -2 to 1 for shape (2, 3), got -3.", () => Of(2, 3).ArgMax(-3)),
        ("Tensor.From: expected 6 values for shape (2, 3), got 5.", () => Tensor.From(Device, new float[5], new(2, 3))),
        ("Tensor.Assign: expected 3 values for shape (3,), got 4.", () => Of(3).Assign(new float[4])),
        ("Sgd: expected a gradient of its parameter's shape (2, 3), got (3, 2).", () => new Sgd().Apply([Of(2, 3)], [Of(3, 2)])),
        ("M, layer 2 (dense): expected a layer that fits the one before it, got Dense: expected examples of one axis (features), got "
            + "(3, 3, 8). Put a Flatten layer before it.", () => Build(new(5, 5, 1), new Conv2D(8, (3, 3)), new Dense(4))),
        ("M, layer 1 (max_pooling2d): expected a layer that fits the one before it, got MaxPool2D: expected images of three axes (height, "
            + "width, channels), got (5,).", () => Build(new(5), new MaxPool2D())),
        ("M.SetWeights: expected 2 arrays, got 1.", () => SetWeights([1])),
        ("M.SetWeights, array 1: expected 2 values for shape (2,), got 3.", () => SetWeights(new float[6], new float[3])),
    ];

    private static Device Device => Engines.Simd.Device;

    public static IEnumerable<TheoryDataRow<int>> Mistakes =>
        s_mistakes.Select((mistake, i) => new TheoryDataRow<int>(i) { Label = mistake.Message });

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Says(int mistake)
    {
        using var scope = new TensorScope();
        var exception = Assert.Throws<ShapeException>(s_mistakes[mistake].Mistake);
        Assert.Equal(s_mistakes[mistake].Message, exception.Message);
    }

    [Fact]
    public void Operands_on_two_devices_are_refused_with_both_names()
    {
        using var scope = new TensorScope();
        var other = Tensor.Ones(Engines.Get("simd-4").Device, new(2));
        var exception = Assert.Throws<ArgumentException>(() => Of(2) + other);
        Assert.StartsWith("Add: both operands must live on one device, got ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("Make both with the same Device.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_needs_sizes_of_at_least_one_and_not_too_many_elements()
    {
        Assert.StartsWith("Every axis of a shape needs a size of at least 1, got (2, 0)", Assert.Throws<ArgumentException>(() => new Shape(2, 0)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("A tensor holds at most 2,147,483,647 elements; (65536, 65536) has 4,294,967,296",
            Assert.Throws<ArgumentException>(() => new Shape(65536, 65536)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_check_what_they_are_asked_for()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(0, (3, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(8, (0, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(8, (3, 3), padding: Padding.Same, strides: (1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2D((2, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(-0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1f, 1));
    }

    private static Tensor Of(params int[] sizes) => Tensor.Ones(Device, new(sizes));

    private static void Build(Shape input, params Layer[] layers) => new Sequential("M", Device, input, layers).Dispose();

    private static void SetWeights(params float[][] weights)
    {
        using var model = new Sequential("M", Device, new(3), [new Dense(2)]);
        model.SetWeights(weights);
    }
}
