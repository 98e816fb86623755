using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class BroadcastGeometryTests
{
    public static TheoryData<int[], int[]> Shapes => new()
    {
        { [1], [1] },
        { [5], [5] },
        { [4, 5], [5] },
        { [4, 5], [4, 1] },
        { [4, 5], [1] },
        { [1], [3, 7] },
        { [3, 1], [1, 7] },
        { [2, 3, 4, 5], [3, 1, 5] },
        { [2, 1, 4, 1, 3, 1], [1, 5, 1, 2, 1, 33] },
        { [6, 1, 129], [6, 65, 1] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Broadcasting_follows_NumPy(int[] shapeA, int[] shapeB)
    {
        using var rig = new SimdRig();
        int rank = Math.Max(shapeA.Length, shapeB.Length);
        var sizeA = Enumerable.Repeat(1, rank - shapeA.Length).Concat(shapeA).ToArray();
        var sizeB = Enumerable.Repeat(1, rank - shapeB.Length).Concat(shapeB).ToArray();
        var size = sizeA.Zip(sizeB, Math.Max).ToArray();
        var a = SimdRig.Random(sizeA.Aggregate(1, (x, y) => x * y), seed: 1);
        var b = SimdRig.Random(sizeB.Aggregate(1, (x, y) => x * y), seed: 2);
        int count = size.Aggregate(1, (x, y) => x * y);

        var geometry = BroadcastGeometry.Create(shapeA, shapeB);
        Assert.Equal(count, geometry.Count);
        var output = rig.Output(count);
        rig.Engine.Binary<Subtract>(output, rig.Floats(a), rig.Floats(b), geometry);

        var got = rig.Read(output, count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(a[Index(i, size, sizeA)] - b[Index(i, size, sizeB)], got[i]);
        }
    }

    [Fact]
    public void Equal_shapes_collapse_to_one_axis()
    {
        var geometry = BroadcastGeometry.Create([2, 3, 4], [2, 3, 4]);
        Assert.True(geometry.IsElementwise);
        Assert.Equal(BroadcastGeometry.Elementwise(24), geometry);
    }

    [Fact]
    public void A_row_repeated_keeps_two_axes()
    {
        var geometry = BroadcastGeometry.Create([2, 3, 4], [4]);
        Assert.False(geometry.IsElementwise);
        Assert.Equal((6, 4), (geometry.Size4, geometry.Size5));
        Assert.Equal((4, 1, 0, 1), (geometry.StrideA4, geometry.StrideA5, geometry.StrideB4, geometry.StrideB5));
    }

    [Fact]
    public void Permuted_strides_transpose()
    {
        using var rig = new SimdRig();
        var x = SimdRig.Random(33 * 65, seed: 3);
        var source = rig.Floats(x);
        var output = rig.Output(x.Length);
        rig.Engine.Binary<First>(output, source, source, BroadcastGeometry.FromStrides([65, 33], [1, 65], [1, 65]));
        var got = rig.Read(output, x.Length);
        for (int i = 0; i < 65; i++)
        {
            for (int j = 0; j < 33; j++)
            {
                Assert.Equal(x[(j * 65) + i], got[(i * 33) + j]);
            }
        }
    }

    [Fact]
    public void More_than_six_axes_that_cannot_merge_are_refused() =>
        Assert.Throws<ArgumentException>(() => BroadcastGeometry.Create([2, 1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2, 1]));

    // The element of an operand that an output element reads: coordinates by the output's shape, 0 along repeated axes.
    private static int Index(int output, int[] size, int[] operand)
    {
        int index = 0;
        int stride = 1;
        for (int axis = size.Length - 1; axis >= 0; axis--)
        {
            int position = output % size[axis];
            output /= size[axis];
            index += operand[axis] == 1 ? 0 : position * stride;
            stride *= operand[axis];
        }

        return index;
    }
}
