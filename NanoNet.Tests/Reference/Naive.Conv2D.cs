using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Reference;

/// <content>Convolution, x [n, h, w, c], filter [i, j, c, f], y [n, p, q, f].</content>
internal static partial class Naive
{
    /// <summary>y(n, p, q, f) = Σ_ijc x(n, p·s + i − top, q·s + j − left, c) · filter(i, j, c, f); outside is zero.</summary>
    public static NdArray Conv2D(NdArray x, NdArray filter, int strideHeight, int strideWidth, Padding padding)
    {
        var rows = Window.Along(x.Shape[1], filter.Shape[0], strideHeight, padding);
        var columns = Window.Along(x.Shape[2], filter.Shape[1], strideWidth, padding);
        var y = new NdArray(x.Shape[0], rows.Count, columns.Count, filter.Shape[3]);
        ForEachTap(x, filter, y, rows, columns, (xAt, filterAt, yAt) => y[yAt] += x[xAt] * filter[filterAt]);
        return y;
    }

    /// <summary>∂Σ(y·dy)/∂x: each product of the definition sends dy · filter to the x it read.</summary>
    public static NdArray Conv2DInputGradient(
        NdArray dy, NdArray filter, int[] shape, int strideHeight, int strideWidth, Padding padding)
    {
        var rows = Window.Along(shape[1], filter.Shape[0], strideHeight, padding);
        var columns = Window.Along(shape[2], filter.Shape[1], strideWidth, padding);
        var dx = new NdArray(shape);
        ForEachTap(dx, filter, dy, rows, columns, (xAt, filterAt, yAt) => dx[xAt] += dy[yAt] * filter[filterAt]);
        return dx;
    }

    /// <summary>∂Σ(y·dy)/∂filter: each product of the definition sends dy · x to the filter it read.</summary>
    public static NdArray Conv2DFilterGradient(
        NdArray dy, NdArray x, int[] shape, int strideHeight, int strideWidth, Padding padding)
    {
        var rows = Window.Along(x.Shape[1], shape[0], strideHeight, padding);
        var columns = Window.Along(x.Shape[2], shape[1], strideWidth, padding);
        var dfilter = new NdArray(shape);
        ForEachTap(x, dfilter, dy, rows, columns, (xAt, filterAt, yAt) => dfilter[filterAt] += dy[yAt] * x[xAt]);
        return dfilter;
    }

    // Visits every product of the definition, by the flat places of its three parties.
    private static void ForEachTap(NdArray x, NdArray filter, NdArray y, Window rows, Window columns, Action<int, int, int> visit)
    {
        var (channels, filters) = (x.Shape[3], filter.Shape[3]);
        for (int n = 0; n < x.Shape[0]; n++)
        {
            for (int p = 0; p < rows.Count; p++)
            {
                for (int q = 0; q < columns.Count; q++)
                {
                    for (int i = 0; i < filter.Shape[0]; i++)
                    {
                        for (int j = 0; j < filter.Shape[1]; j++)
                        {
                            var (row, column) = (rows.First(p) + i, columns.First(q) + j);
                            if (row < 0 || row >= x.Shape[1] || column < 0 || column >= x.Shape[2])
                            {
                                continue;
                            }

                            int pixel = ((n * x.Shape[1]) + row) * x.Shape[2] + column;
                            int tap = (i * filter.Shape[1]) + j;
                            int output = ((n * rows.Count) + p) * columns.Count + q;
                            for (int c = 0; c < channels; c++)
                            {
                                for (int f = 0; f < filters; f++)
                                {
                                    visit((pixel * channels) + c, (((tap * channels) + c) * filters) + f, (output * filters) + f);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
