using NanoNet.Core.Tensors;
using Xunit;

namespace NanoNet.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void Prints_as_a_tuple_in_Python()
    {
        Assert.Equal("(32, 28, 28, 1)", new Shape(32, 28, 28, 1).ToString());
        Assert.Equal("(10,)", new Shape(10).ToString());
        Assert.Equal("()", Shape.Scalar.ToString());
        Assert.Equal("()", default(Shape).ToString());
    }

    [Fact]
    public void Counts_and_indexes()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal((3, 24, 12, 4, 2), (shape.Rank, shape.Count, shape.RowCount, shape[^1], shape[0]));
        Assert.Equal((0, 1, 1), (Shape.Scalar.Rank, Shape.Scalar.Count, Shape.Scalar.RowCount));
    }

    [Fact]
    public void Batches_and_unbatches()
    {
        Assert.Equal(new Shape(32, 28, 28), new Shape(28, 28).Batched(32));
        Assert.Equal(new Shape(28, 28), new Shape(32, 28, 28).Unbatched());
        Assert.Equal(new Shape(5), Shape.Scalar.Batched(5));
    }

    [Fact]
    public void Equals_by_sizes()
    {
        Assert.True(new Shape(2, 3) == new Shape(2, 3));
        Assert.True(new Shape(2, 3) != new Shape(3, 2));
        Assert.True(new Shape(2) != new Shape(2, 1));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
    }

    [Theory]
    [InlineData(new[] { 2, 3 }, new[] { 3 }, new[] { 2, 3 })]
    [InlineData(new[] { 2, 1 }, new[] { 1, 3 }, new[] { 2, 3 })]
    [InlineData(new[] { 4, 1, 3 }, new[] { 2, 1 }, new[] { 4, 2, 3 })]
    [InlineData(new int[0], new[] { 2 }, new[] { 2 })]
    [InlineData(new[] { 2, 3 }, new[] { 2 }, null)]
    [InlineData(new[] { 2, 3 }, new[] { 4, 3 }, null)]
    public void Broadcasts_by_the_rule_of_NumPy(int[] a, int[] b, int[]? expected)
    {
        Shape? shape = expected is null ? null : new Shape(expected);
        Assert.Equal(shape, Shape.Broadcast(new(a), new(b)));
        Assert.Equal(shape, Shape.Broadcast(new(b), new(a)));
    }
}
