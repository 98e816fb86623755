namespace NanoNet.Tests.Reference;

/// <summary>
/// Every operation as its definition says, in nested loops of doubles: the specification that all engines are held to.
/// Nothing here is shared with the product.
/// </summary>
internal static partial class Naive
{
    public static NdArray Relu(NdArray x) => x.Map(value => Math.Max(0, value));

    public static NdArray Sigmoid(NdArray x) => x.Map(value => 1 / (1 + Math.Exp(-value)));

    /// <summary>f(a, b) with broadcasting.</summary>
    public static NdArray Binary(NdArray a, NdArray b, Func<double, double, double> f)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] shape = new int[rank];
        for (int back = 1; back <= rank; back++)
        {
            int sizeA = back <= a.Rank ? a.Shape[^back] : 1;
            int sizeB = back <= b.Rank ? b.Shape[^back] : 1;
            shape[^back] = sizeA == 1 ? sizeB : sizeA;
        }

        var y = new NdArray(shape);
        int[] index = new int[rank];
        for (int i = 0; i < y.Count; i++)
        {
            y[i] = f(a.Broadcast(index), b.Broadcast(index));
            y.Advance(index);
        }

        return y;
    }

    /// <summary>y's axis i is x's axis order[i].</summary>
    public static NdArray Transpose(NdArray x, params int[] order)
    {
        var y = new NdArray(Array.ConvertAll(order, axis => x.Shape[axis]));
        int[] index = new int[order.Length];
        int[] source = new int[order.Length];
        for (int i = 0; i < y.Count; i++)
        {
            for (int axis = 0; axis < order.Length; axis++)
            {
                source[order[axis]] = index[axis];
            }

            y[i] = x.Broadcast(source);
            y.Advance(index);
        }

        return y;
    }

    /// <summary>y[r, :] = scale · source[indices[start + r], :].</summary>
    public static NdArray Gather(NdArray source, int[] indices, int start, int rows, double scale)
    {
        int columns = source.Shape[1];
        var y = new NdArray(rows, columns);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                y[r, c] = scale * source[indices[start + r], c];
            }
        }

        return y;
    }
}
