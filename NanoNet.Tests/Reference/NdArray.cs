namespace NanoNet.Tests.Reference;

/// <summary>An array of doubles with a shape, row-major: what the reference computes with.</summary>
internal sealed class NdArray
{
    public NdArray(params int[] shape)
        : this(shape, new double[shape.Aggregate(1, (count, size) => count * size)])
    {
    }

    public NdArray(int[] shape, double[] values)
    {
        if (values.Length != shape.Aggregate(1, (count, size) => count * size))
        {
            throw new ArgumentException($"{values.Length} values do not fill ({string.Join(", ", shape)}).");
        }

        Shape = shape;
        Values = values;
    }

    public int[] Shape { get; }

    public double[] Values { get; }

    public int Rank => Shape.Length;

    public int Count => Values.Length;

    /// <summary>The values as float32; exact for arrays made of floats.</summary>
    public float[] Floats => Array.ConvertAll(Values, value => (float)value);

    public ref double this[int i] => ref Values[i];

    public ref double this[int row, int column] => ref Values[(row * Shape[1]) + column];

    public ref double this[int n, int row, int column, int channel] =>
        ref Values[(((((n * Shape[1]) + row) * Shape[2]) + column) * Shape[3]) + channel];

    public static NdArray From(int[] shape, float[] values) => new(shape, Array.ConvertAll(values, value => (double)value));

    /// <summary>f of each element.</summary>
    public NdArray Map(Func<double, double> f) => new(Shape, Array.ConvertAll(Values, value => f(value)));

    /// <summary>The same elements under another shape.</summary>
    public NdArray Reshape(params int[] shape) => new(shape, Values);

    public NdArray Clone() => new(Shape, [.. Values]);

    /// <summary>The place of an element, axis by axis.</summary>
    public int[] IndexOf(int flat)
    {
        int[] index = new int[Rank];
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            index[axis] = flat % Shape[axis];
            flat /= Shape[axis];
        }

        return index;
    }

    /// <summary>Moves a place on to the next element in row-major order.</summary>
    public void Advance(int[] index)
    {
        for (int axis = Rank - 1; axis >= 0 && ++index[axis] == Shape[axis]; axis--)
        {
            index[axis] = 0;
        }
    }

    /// <summary>The element at a place; axes of size 1 repeat, and axes that the array lacks are ignored (NumPy's broadcasting).</summary>
    public double Broadcast(ReadOnlySpan<int> index)
    {
        int flat = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            int place = Shape[axis] == 1 ? 0 : index[index.Length - Rank + axis];
            flat = (flat * Shape[axis]) + place;
        }

        return Values[flat];
    }
}
