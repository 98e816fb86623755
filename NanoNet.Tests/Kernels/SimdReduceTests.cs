using NanoNet.Kernels.Geometry;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class SimdReduceTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, int>
            {
                { 1, 100_003, 1 },
                { 3, 20_000, 1 },
                { 1, 3001, 64 },
                { 2, 700, 65 },
                { 1, 3, 9001 },
                { 5000, 10, 1 },
                { 300, 2, 3 },
            };
            foreach (int size in SimdRig.OddSizes)
            {
                data.Add(1, size, 1);
                data.Add(3, size, 7);
                data.Add(2, 7, size);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Reductions_equal_nested_loops(int outer, int count, int inner)
    {
        using var rig = new SimdRig(threads: 2);
        var geometry = new ReduceGeometry(outer, count, inner);
        var x = SimdRig.Random(outer * count * inner, seed: 7);
        var input = rig.Floats(x);
        var sums = rig.Output(outer * inner);
        var maxima = rig.Output(outer * inner);
        var places = rig.Output(outer * inner);
        rig.Engine.ReduceSum(sums, input, geometry, 0.5f);
        rig.Engine.ReduceMax(maxima, input, geometry);
        rig.Engine.ArgMax(places, input, geometry);

        var gotSums = rig.Read(sums, outer * inner);
        var gotMaxima = rig.Read(maxima, outer * inner);
        var gotPlaces = rig.ReadInts(places, outer * inner);
        for (int y = 0; y < outer * inner; y++)
        {
            double sum = 0;
            double magnitude = 0;
            int best = 0;
            float At(int c) => x[(((y / inner * count) + c) * inner) + (y % inner)];
            for (int c = 0; c < count; c++)
            {
                sum += At(c);
                magnitude += Math.Abs(At(c));
                best = At(c) > At(best) ? c : best;
            }

            // Far below what a plain float loop over 100,000 elements would reach.
            Assert.InRange(gotSums[y], (0.5 * sum) - (1e-6 * magnitude), (0.5 * sum) + (1e-6 * magnitude));
            Assert.Equal(At(best), gotMaxima[y]);
            Assert.Equal(best, gotPlaces[y]);
        }
    }

    [Fact]
    public void The_first_of_equals_is_chosen()
    {
        using var rig = new SimdRig();
        var places = rig.Output(2);
        rig.Engine.ArgMax(places, rig.Floats(1, 3, 3, 2, 2, 2), new ReduceGeometry(2, 3, 1));
        Assert.Equal([1, 0], rig.ReadInts(places, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void NaN_reaches_sum_and_maximum(int inner)
    {
        using var rig = new SimdRig();
        var x = SimdRig.Random(20 * inner, seed: 1);
        x[13 * inner] = float.NaN;
        var y = rig.Output(inner);
        rig.Engine.ReduceSum(y, rig.Floats(x), new ReduceGeometry(1, 20, inner), 1);
        Assert.True(float.IsNaN(rig.Read(y, inner)[0]));
        rig.Engine.Fill(y, 0, inner);
        rig.Engine.ReduceMax(y, rig.Floats(x), new ReduceGeometry(1, 20, inner));
        Assert.True(float.IsNaN(rig.Read(y, inner)[0]));
    }

    [Theory]
    [InlineData(32, 10)]
    [InlineData(33, 65)]
    [InlineData(1000, 129)]
    [InlineData(25_088, 64)]
    public void Relu_bias_gradient_masks_and_sums(int rows, int columns)
    {
        using var rig = new SimdRig(threads: 2);
        var dy = SimdRig.Random(rows * columns, seed: 1);
        var y = SimdRig.Random(rows * columns, seed: 2).Select(v => Math.Max(v, 0)).ToArray();
        var dz = rig.Output(dy.Length);
        var dbias = rig.Output(columns);
        rig.Engine.ReluBiasGradient(dz, dbias, rig.Floats(dy), rig.Floats(y), rows, columns);

        Assert.Equal(dy.Zip(y, (d, v) => v > 0 ? d : 0), rig.Read(dz, dy.Length));
        var sums = rig.Read(dbias, columns);
        for (int c = 0; c < columns; c++)
        {
            var places = Enumerable.Range(0, rows).Select(r => (r * columns) + c);
            double expected = places.Sum(i => y[i] > 0 ? (double)dy[i] : 0);
            Assert.InRange(sums[c], expected - (1e-6 * rows), expected + (1e-6 * rows));
        }
    }
}
