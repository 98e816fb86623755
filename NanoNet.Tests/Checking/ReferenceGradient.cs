using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>
/// The gradient of Σ upstream · y by central differences of the double-precision reference, at some or all elements of each operand,
/// and along one random direction through all of them.
/// </summary>
internal sealed class ReferenceGradient
{
    /// <summary>2⁻²⁰, exact beside float32 inputs: the differences are good to about 1e-10, far below float32.</summary>
    private const double Step = 1.0 / (1 << 20);

    /// <summary>Elements of the result this near to a kink get no upstream gradient.</summary>
    private const double KinkMargin = 1e-3;

    /// <summary>Reference multiply-adds spent on an operand; beyond it, elements are sampled.</summary>
    private const long Budget = 2_000_000;

    /// <summary>What an element of a result costs at least, for finding its place and those of its operands.</summary>
    private const long ElementCost = 10;

    private ReferenceGradient(NdArray upstream, OperandGradient[] operands)
    {
        Upstream = upstream;
        Operands = operands;
    }

    /// <summary>The gradient that arrives: random, never all ones, so that what sums to a constant does not hide.</summary>
    public NdArray Upstream { get; }

    /// <summary>One for each operand.</summary>
    public OperandGradient[] Operands { get; }

    public static ReferenceGradient Of(OpCase row)
    {
        var numbers = new Numbers($"{row.Name} upstream");
        var y = row.Reference(row.Inputs);
        var upstream = numbers.AwayFromZero(y.Shape);
        if (row.Kink is not null)
        {
            upstream = Naive.Binary(upstream, row.Kink(row.Inputs), (dy, distance) => Math.Abs(distance) < KinkMargin ? 0 : dy);
        }

        return new(upstream, [.. row.Inputs.Select((_, i) => Differentiate(row, i, upstream, numbers))]);
    }

    private static OperandGradient Differentiate(OpCase row, int operand, NdArray upstream, Numbers numbers)
    {
        var x = row.Inputs[operand];
        long affordable = Math.Max(6, Budget / (2 * Math.Max(row.Cost, ElementCost * upstream.Count)));
        int[] places = [.. Enumerable.Range(0, x.Count)];
        if (affordable < x.Count)
        {
            places = [.. numbers.Integers((int)affordable, x.Count)];
        }

        var samples = places.Select(place => At(row, operand, upstream, moved => moved[place] = 1)).ToArray();
        var direction = numbers.AwayFromZero(x.Shape);
        var (along, _, _) = At(row, operand, upstream, moved => direction.Values.CopyTo(moved.Values, 0));
        return new(places, Array.ConvertAll(samples, sample => sample.Value), Array.ConvertAll(samples, sample => sample.Size),
            samples.Max(sample => sample.Terms), direction, along);
    }

    // The derivative along a direction; the root of the sum of its terms' squares; how many terms there are.
    private static (double Value, double Size, int Terms) At(OpCase row, int operand, NdArray upstream, Action<NdArray> setDirection)
    {
        var direction = new NdArray(row.Inputs[operand].Shape);
        setDirection(direction);
        var above = row.Reference(Moved(row.Inputs, operand, direction, Step));
        var below = row.Reference(Moved(row.Inputs, operand, direction, -Step));
        double value = 0, squares = 0;
        int terms = 0;
        for (int i = 0; i < upstream.Count; i++)
        {
            double term = upstream[i] * (above[i] - below[i]) / (2 * Step);
            value += term;
            squares += term * term;
            terms += term != 0 ? 1 : 0;
        }

        return (value, Math.Sqrt(squares), terms);
    }

    private static NdArray[] Moved(NdArray[] inputs, int operand, NdArray direction, double step)
    {
        NdArray[] moved = [.. inputs];
        moved[operand] = Naive.Binary(inputs[operand], direction, (x, d) => x + (step * d));
        return moved;
    }
}
