namespace NanoNet.Tests.Reference;

/// <content>Reductions over any axes; reduced axes disappear.</content>
internal static partial class Naive
{
    public static NdArray Sum(NdArray x, params int[] axes) => Reduce(x, axes, 0, (sum, value) => sum + value);

    public static NdArray Mean(NdArray x, params int[] axes)
    {
        var sum = Sum(x, axes);
        return sum.Map(value => value * sum.Count / x.Count);
    }

    public static NdArray Max(NdArray x, params int[] axes) => Reduce(x, axes, double.NegativeInfinity, Math.Max);

    /// <summary>The first place along the middle axis of [outer, count, inner] at which x is largest.</summary>
    public static int[] ArgMax(NdArray x, int outer, int count, int inner)
    {
        int[] y = new int[outer * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int best = 0;
                for (int c = 1; c < count; c++)
                {
                    bool isLarger = x[(((o * count) + c) * inner) + i] > x[(((o * count) + best) * inner) + i];
                    best = isLarger ? c : best;
                }

                y[(o * inner) + i] = best;
            }
        }

        return y;
    }

    private static NdArray Reduce(NdArray x, int[] axes, double start, Func<double, double, double> add)
    {
        int[] reduced = axes.Length == 0 ? [.. Enumerable.Range(0, x.Rank)] : Array.ConvertAll(axes, axis => (axis + x.Rank) % x.Rank);
        int[] kept = [.. Enumerable.Range(0, x.Rank).Except(reduced)];
        var y = new NdArray(Array.ConvertAll(kept, axis => x.Shape[axis])).Map(_ => start);
        int[] index = new int[x.Rank];
        for (int i = 0; i < x.Count; i++)
        {
            int place = 0;
            foreach (int axis in kept)
            {
                place = (place * x.Shape[axis]) + index[axis];
            }

            y[place] = add(y[place], x[i]);
            x.Advance(index);
        }

        return y;
    }
}
