using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Reference;

/// <content>Max-pooling, x [n, h, w, c], y [n, p, q, c].</content>
internal static partial class Naive
{
    /// <summary>The largest value of each window, and the place inside the window, row by row, of the first largest.</summary>
    public static (NdArray Y, int[] ArgMax) MaxPool2D(
        NdArray x, int poolHeight, int poolWidth, int strideHeight, int strideWidth, Padding padding)
    {
        var rows = Window.Along(x.Shape[1], poolHeight, strideHeight, padding);
        var columns = Window.Along(x.Shape[2], poolWidth, strideWidth, padding);
        var y = new NdArray(x.Shape[0], rows.Count, columns.Count, x.Shape[3]).Map(_ => double.NegativeInfinity);
        int[] argmax = new int[y.Count];
        int[] place = new int[4];
        for (int at = 0; at < y.Count; at++)
        {
            for (int tap = 0; tap < poolHeight * poolWidth; tap++)
            {
                int row = rows.First(place[1]) + (tap / poolWidth);
                int column = columns.First(place[2]) + (tap % poolWidth);
                bool isInside = row >= 0 && row < x.Shape[1] && column >= 0 && column < x.Shape[2];
                if (isInside && x[place[0], row, column, place[3]] > y[at])
                {
                    y[at] = x[place[0], row, column, place[3]];
                    argmax[at] = tap;
                }
            }

            y.Advance(place);
        }

        return (y, argmax);
    }

    /// <summary>Each dy goes to the element that its window chose.</summary>
    public static NdArray MaxPool2DGradient(
        NdArray dy, int[] argmax, int[] shape, int poolHeight, int poolWidth, int strideHeight, int strideWidth, Padding padding)
    {
        var rows = Window.Along(shape[1], poolHeight, strideHeight, padding);
        var columns = Window.Along(shape[2], poolWidth, strideWidth, padding);
        var dx = new NdArray(shape);
        int[] place = new int[4];
        for (int at = 0; at < dy.Count; at++)
        {
            int row = rows.First(place[1]) + (argmax[at] / poolWidth);
            int column = columns.First(place[2]) + (argmax[at] % poolWidth);
            dx[place[0], row, column, place[3]] += dy[at];
            dy.Advance(place);
        }

        return dx;
    }
}
