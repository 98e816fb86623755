using NanoNet.Core.Autograd;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Formulas;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Checking;

/// <summary>Checks the gradient check: every planted mistake must be caught, by the same code that holds the operations.</summary>
public sealed class GradientCheckTests
{
    public static TheoryData<string> EngineNames => [.. Engines.OneOfEach.Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void A_right_derivative_passes(string engine) =>
        OpCheck.Gradient(Row([5, 7], Formula<Cube>, Cubed), Engines.Get(engine));

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void A_formula_with_a_wrong_derivative_is_caught(string engine)
    {
        var row = Row([5, 7], Formula<WrongCube>, Cubed);
        OpCheck.Forward(row, Engines.Get(engine));
        var failure = Assert.Throws<CheckFailedException>(() => OpCheck.Gradient(row, Engines.Get(engine)));
        Assert.Contains("Gradient of planted (5, 7)", failure.Message, StringComparison.Ordinal);
        Assert.Contains(engine, failure.Message, StringComparison.Ordinal);
        Assert.Matches(@"\[\d, \d\] expected -?\d", failure.Message);
    }

    [Fact]
    public void A_backward_pass_that_is_right_passes() => OpCheck.Gradient(Tripled([5, 7], dy => dy * 3), Engines.Simd);

    [Fact]
    public void A_wrong_factor_is_caught() => AssertCaught(Tripled([5, 7], dy => dy * 2));

    [Fact]
    public void A_wrong_sign_is_caught() => AssertCaught(Tripled([5, 7], dy => dy * -3));

    [Fact]
    public void One_wrong_element_is_caught() => AssertCaught(Tripled([5, 7], dy => (dy * 3) + AtLast(dy, 1e-3f)));

    // Too large for each element to be differentiated by itself: the random direction sees it.
    [Fact]
    public void One_wrong_element_of_many_is_caught()
    {
        var row = Tripled([500, 700], dy => (dy * 3) + AtLast(dy, 3));
        Assert.True(row.Gradient.Value.Operands[0].Places.Length < 100);
        Assert.DoesNotContain((500 * 700) - 1, row.Gradient.Value.Operands[0].Places);
        AssertCaught(row);
    }

    [Fact]
    public void Elements_in_another_order_are_caught() => AssertCaught(Tripled([7, 7], dy => dy.Transpose() * 3));

    // With an upstream gradient of ones the gradient of a softmax is zero whatever its input: a check that used ones would pass this.
    [Fact]
    public void A_mistake_that_ones_would_hide_is_caught() =>
        AssertCaught(Row([5, 7], x => Planted(Op.Softmax(x), x, dy => dy * 0), Naive.Softmax));

    [Fact]
    public void A_gradient_that_does_not_accumulate_is_caught() =>
        AssertCaught(Row([5, 7], x => Planted(x + x, x, dy => dy), x => x.Map(value => 2 * value)));

    [Fact]
    public void A_mean_in_place_of_a_sum_over_repeated_elements_is_caught() =>
        AssertCaught(Row([7], x => Planted(x + Tensor.Zeros(x.Device, new(5, 7)), x, dy => dy.Mean(0)),
            x => Naive.Binary(x, new NdArray(5, 7), (a, b) => a + b)));

    [Fact]
    public void A_wrong_result_is_caught() =>
        Assert.Throws<CheckFailedException>(() => OpCheck.Forward(Row([5, 7], x => x * 3.00001f, Thrice), Engines.Simd));

    private static NdArray Cubed(NdArray x) => x.Map(value => value * value * value);

    private static NdArray Thrice(NdArray x) => x.Map(value => 3 * value);

    private static void AssertCaught(OpCase row)
    {
        OpCheck.Forward(row, Engines.Simd);
        Assert.Throws<CheckFailedException>(() => OpCheck.Gradient(row, Engines.Simd));
    }

    private static OpCase Row(int[] shape, Func<Tensor, Tensor> run, Func<NdArray, NdArray> reference) => new()
    {
        Name = $"planted ({string.Join(", ", shape)})",
        Inputs = [new Numbers("planted").AwayFromZero(shape)],
        Run = tensors => run(tensors[0]),
        Reference = arrays => reference(arrays[0]),
    };

    private static OpCase Tripled(int[] shape, Func<Tensor, Tensor> backward) =>
        Row(shape, x => Planted(x * 3, x, backward), Thrice);

    // A result whose way back is the planted one: what recorded it is left behind.
    private static Tensor Planted(Tensor result, Tensor x, Func<Tensor, Tensor> backward)
    {
        var y = Tensor.From(x.Device, result.ToArray(), result.Shape);
        GradientTape.Record(y, [x], (tape, dy) => tape.Accumulate(x, backward(dy)));
        return y;
    }

    private static Tensor Formula<TFormula>(Tensor x) where TFormula : struct, IUnaryFormula
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

    private static Tensor AtLast(Tensor like, float value)
    {
        float[] values = new float[like.Count];
        values[^1] = value;
        return Tensor.From(like.Device, values, like.Shape);
    }
}
