using NanoNet.Kernels.Geometry;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class SimdMaxPool2DTests
{
    public static TheoryData<Pool2DGeometry> Geometries => new()
    {
        Pool2DGeometry.Create(2, 8, 6, 64, 2, 2, 2, 2, Padding.Valid),
        Pool2DGeometry.Create(2, 7, 9, 33, 2, 2, 2, 2, Padding.Valid),
        Pool2DGeometry.Create(2, 7, 9, 31, 2, 2, 2, 2, Padding.Same),
        Pool2DGeometry.Create(1, 9, 8, 7, 3, 3, 2, 2, Padding.Same),
        Pool2DGeometry.Create(1, 9, 8, 65, 3, 2, 1, 1, Padding.Same),
        Pool2DGeometry.Create(3, 5, 7, 1, 2, 3, 1, 2, Padding.Valid),
        Pool2DGeometry.Create(1, 11, 11, 8, 2, 2, 3, 4, Padding.Valid),
        Pool2DGeometry.Create(1, 4, 4, 16, 5, 5, 1, 1, Padding.Same),
        Pool2DGeometry.Create(1, 5, 5, 129, 1, 1, 1, 1, Padding.Same),
        Pool2DGeometry.Create(1, 7, 7, 10, 3, 3, 3, 3, Padding.Same),
        Pool2DGeometry.Create(2, 1, 1, 9, 2, 2, 2, 2, Padding.Same),
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Forward_and_gradient_equal_nested_loops(Pool2DGeometry g)
    {
        using var rig = new SimdRig(threads: 2);
        // Few distinct values, all negative: ties are common, and padding would win if it took part.
        var x = SimdRig.Random(g.InputCount, seed: 5, low: -4, high: -1).Select(v => MathF.Round(v)).ToArray();
        var dy = SimdRig.Random(g.OutputCount, seed: 6);
        var (y, argmax, dx) = Reference(g, x, dy);

        var gotY = rig.Output(g.OutputCount);
        var gotArgmax = rig.Output(g.OutputCount);
        var gotDx = rig.Output(g.InputCount);
        rig.Engine.MaxPool2D(gotY, gotArgmax, rig.Floats(x), g);
        rig.Engine.MaxPool2DGradient(gotDx, rig.Floats(dy), gotArgmax, g);
        Assert.Equal(y, rig.Read(gotY, y.Length));
        Assert.Equal(argmax, rig.ReadInts(gotArgmax, y.Length));
        Assert.Equal(dx, rig.Read(gotDx, dx.Length));

        var inference = rig.Output(g.OutputCount);
        rig.Engine.MaxPool2D(inference, null, rig.Floats(x), g);
        Assert.Equal(y, rig.Read(inference, y.Length));
    }

    // Windows in the order of (p, q), so the gradient's sums round as the engine's.
    private static (float[] Y, int[] Argmax, float[] Dx) Reference(Pool2DGeometry g, float[] x, float[] dy)
    {
        var y = new float[g.OutputCount];
        var argmax = new int[g.OutputCount];
        var dx = new float[g.InputCount];
        for (int output = 0; output < y.Length; output++)
        {
            int c = output % g.Channels;
            int q = output / g.Channels % g.OutputWidth;
            int p = output / g.Channels / g.OutputWidth % g.OutputHeight;
            int n = output / g.Channels / g.OutputWidth / g.OutputHeight;
            int best = -1;
            for (int i = 0; i < g.PoolHeight; i++)
            {
                for (int j = 0; j < g.PoolWidth; j++)
                {
                    int h = (p * g.StrideHeight) + i - g.PadTop;
                    int w = (q * g.StrideWidth) + j - g.PadLeft;
                    if (h < 0 || h >= g.Height || w < 0 || w >= g.Width)
                    {
                        continue;
                    }

                    int input = (((((n * g.Height) + h) * g.Width) + w) * g.Channels) + c;
                    if (best < 0 || x[input] > x[best])
                    {
                        best = input;
                        argmax[output] = (i * g.PoolWidth) + j;
                    }
                }
            }

            y[output] = x[best];
            dx[best] += dy[output];
        }

        return (y, argmax, dx);
    }
}
