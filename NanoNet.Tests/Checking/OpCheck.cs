using NanoNet.Core.Autograd;
using NanoNet.Core.Tensors;

namespace NanoNet.Tests.Checking;

/// <summary>Holds an operation on an engine to the reference: its result, and the gradients that the tape brings back.</summary>
internal static class OpCheck
{
    /// <summary>
    /// What the central differences themselves may be off by: double's roundoff over the step is 1e-10 of a result of order one,
    /// summed over up to some thousand results.
    /// </summary>
    private const double DifferenceNoise = 1e-8;

    public static void Forward(OpCase row, Engine engine)
    {
        using var scope = new TensorScope();
        var y = row.Run(Upload(row, engine));
        var expected = row.Reference(row.Inputs);
        Assert(y.Shape == new Shape(expected.Shape), $"{row} on {engine}: expected shape {new Shape(expected.Shape)}, got {y.Shape}.");
        double[] sizes = new double[expected.Count];
        Array.Fill(sizes, row.Size);
        Check.Close($"{row} on {engine}", expected, y.ToArray(), Tolerance.Sum(row.Terms, row.Roundings, row.Amplification), sizes);
    }

    public static void Gradient(OpCase row, Engine engine)
    {
        var reference = row.Gradient.Value;
        using var tape = new GradientTape();
        var inputs = Array.ConvertAll(Upload(row, engine), tape.Watch);
        var y = row.Run(inputs);
        var gradients = tape.Gradient(y, inputs, Tensor.From(engine.Device, reference.Upstream.Floats, y.Shape));
        for (int i = 0; i < inputs.Length; i++)
        {
            string what = $"Gradient of {row} for operand {i} on {engine}";
            Assert(gradients[i].Shape == inputs[i].Shape, $"{what}: expected shape {inputs[i].Shape}, got {gradients[i].Shape}.");
            Compare(what, row, i, gradients[i].ToArray());
        }
    }

    private static void Compare(string what, OpCase row, int operand, float[] actual)
    {
        var expected = row.Gradient.Value.Operands[operand];
        var tolerance = Tolerance.Sum(expected.Terms, row.Roundings + 2, row.Amplification);
        double[] sizes = Array.ConvertAll(expected.Sizes, size => size + (DifferenceNoise / tolerance.Norm));
        bool isSampled = expected.Places.Length < actual.Length;
        Check.Close(isSampled ? $"{what}, sampled at {string.Join(", ", expected.Places)}" : what,
            new(isSampled ? [expected.Places.Length] : row.Inputs[operand].Shape, expected.Values),
            Array.ConvertAll(expected.Places, place => actual[place]), tolerance, sizes);

        // Every element has a say in the derivative along a direction. Errors add up as their number's root.
        double along = 0, squares = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            along += actual[i] * expected.Direction[i];
        }

        foreach (double size in sizes)
        {
            squares += size * size;
        }

        double allowed = tolerance.Max * Math.Sqrt(squares / sizes.Length * actual.Length);
        Assert(Math.Abs(along - expected.Along) <= allowed,
            $"{what}: along a random direction expected {expected.Along:G9}, got {along:G9}, allowed to be off by {allowed:G3}.");
    }

    private static Tensor[] Upload(OpCase row, Engine engine) =>
        Array.ConvertAll(row.Inputs, input => Tensor.From(engine.Device, input.Floats, new Shape(input.Shape)));

    private static void Assert(bool condition, string message)
    {
        if (!condition)
        {
            throw new CheckFailedException(message);
        }
    }
}
