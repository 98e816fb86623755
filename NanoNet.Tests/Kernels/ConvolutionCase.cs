using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>A convolution with random operands, and what double-precision loops make of it.</summary>
internal sealed class ConvolutionCase
{
    private const float Guard = 12345.5f;

    private readonly Conv2DGeometry _geometry;
    private readonly float[] _x;
    private readonly float[] _filter;
    private readonly float[] _bias;
    private readonly float[] _dy;

    public ConvolutionCase(Conv2DGeometry geometry)
    {
        _geometry = geometry;
        var random = new Random(geometry.InputCount + 7 * geometry.FilterCount + 31 * geometry.OutputCount);
        _x = Fill(geometry.InputCount);
        _filter = Fill(geometry.FilterCount);
        _bias = Fill(geometry.Filters);
        _dy = Fill(geometry.OutputCount);

        float[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    public float[] Forward(SimdBackend backend, bool bias, bool relu) => Compute(
        backend, _geometry.OutputCount, _x, _filter, _bias,
        (y, x, filter, b) =>
            backend.Conv2D(y, x, filter, bias ? b : null, _geometry, relu ? Activation.Relu : Activation.None));

    public float[] InputGradient(SimdBackend backend) => Compute(
        backend, _geometry.InputCount, _dy, _filter, _bias,
        (dx, dy, filter, _) => backend.Conv2DInputGradient(dx, dy, filter, _geometry));

    public float[] FilterGradient(SimdBackend backend) => Compute(
        backend, _geometry.FilterCount, _x, _dy, _bias,
        (dfilter, x, dy, _) => backend.Conv2DFilterGradient(dfilter, x, dy, _geometry));

    public void CheckForward(SimdBackend backend, bool bias, bool relu)
    {
        var expected = new Sums(_geometry.OutputCount);
        ForEachTerm((x, f, y) => expected.Add(y, (double)_x[x] * _filter[f]));
        for (int i = 0; bias && i < _geometry.OutputCount; i++)
        {
            expected.Add(i, _bias[i % _geometry.Filters]);
        }

        expected.Check(Forward(backend, bias, relu), relu, $"forward {_geometry} bias {bias} relu {relu}");
    }

    public void CheckGradients(SimdBackend backend)
    {
        var dx = new Sums(_geometry.InputCount);
        var dfilter = new Sums(_geometry.FilterCount);
        ForEachTerm((x, f, y) =>
        {
            dx.Add(x, (double)_dy[y] * _filter[f]);
            dfilter.Add(f, (double)_dy[y] * _x[x]);
        });
        dx.Check(InputGradient(backend), false, $"input gradient {_geometry}");
        dfilter.Check(FilterGradient(backend), false, $"filter gradient {_geometry}");
    }

    /// <summary>Relative errors, by L2 norm, of y, dx and dfilter.</summary>
    public double[] RelativeErrors(SimdBackend backend)
    {
        var y = new Sums(_geometry.OutputCount);
        var dx = new Sums(_geometry.InputCount);
        var dfilter = new Sums(_geometry.FilterCount);
        ForEachTerm((input, tap, output) =>
        {
            y.Add(output, (double)_x[input] * _filter[tap]);
            dx.Add(input, (double)_dy[output] * _filter[tap]);
            dfilter.Add(tap, (double)_dy[output] * _x[input]);
        });
        for (int i = 0; i < _geometry.OutputCount; i++)
        {
            y.Add(i, _bias[i % _geometry.Filters]);
        }

        return
        [
            y.RelativeError(Forward(backend, true, true), relu: true),
            dx.RelativeError(InputGradient(backend), relu: false),
            dfilter.RelativeError(FilterGradient(backend), relu: false),
        ];
    }

    private static float[] Compute(
        SimdBackend backend, int count, float[] first, float[] second, float[] third,
        Action<DeviceBuffer, DeviceBuffer, DeviceBuffer, DeviceBuffer> operation)
    {
        var result = new float[count + 64];
        Array.Fill(result, Guard);
        DeviceBuffer[] buffers = [.. new[] { result, first, second, third }.Select(values =>
        {
            var buffer = backend.Pool.Rent(values.Length * sizeof(float));
            backend.Upload<float>(buffer, values);
            return buffer;
        })];
        operation(buffers[0], buffers[1], buffers[2], buffers[3]);
        backend.Download<float>(result, buffers[0]);
        foreach (var buffer in buffers)
        {
            backend.Pool.Return(buffer);
        }

        Assert.All(result[count..], value => Assert.Equal(Guard, value));
        return result[..count];
    }

    /// <summary>Calls back with the places in x, filter and y of every product of the convolution.</summary>
    private void ForEachTerm(Action<int, int, int> visit)
    {
        var g = _geometry;
        for (int y = 0; y < g.OutputPixels; y++)
        {
            int q = y % g.OutputWidth;
            int p = y / g.OutputWidth % g.OutputHeight;
            int n = y / g.OutputWidth / g.OutputHeight;
            for (int tap = 0; tap < g.KernelHeight * g.KernelWidth; tap++)
            {
                int h = p * g.StrideHeight + tap / g.KernelWidth - g.PadTop;
                int w = q * g.StrideWidth + tap % g.KernelWidth - g.PadLeft;
                if (h < 0 || w < 0 || h >= g.Height || w >= g.Width)
                {
                    continue;
                }

                for (int c = 0; c < g.Channels; c++)
                {
                    int x = ((n * g.Height + h) * g.Width + w) * g.Channels + c;
                    for (int f = 0; f < g.Filters; f++)
                    {
                        visit(x, (tap * g.Channels + c) * g.Filters + f, y * g.Filters + f);
                    }
                }
            }
        }
    }

    /// <summary>Sums in double precision that know how far single-precision ones may be off.</summary>
    private sealed class Sums(int count)
    {
        private readonly double[] _sum = new double[count];
        private readonly double[] _size = new double[count];
        private readonly int[] _terms = new int[count];

        public void Add(int place, double term)
        {
            _sum[place] += term;
            _size[place] += Math.Abs(term);
            _terms[place]++;
        }

        public double RelativeError(float[] actual, bool relu)
        {
            var expected = _sum.Select(sum => relu ? Math.Max(0, sum) : sum).ToArray();
            double error = expected.Zip(actual, (want, got) => (got - want) * (got - want)).Sum();
            return Math.Sqrt(error / expected.Sum(want => want * want));
        }

        public void Check(float[] actual, bool relu, string what)
        {
            for (int i = 0; i < count; i++)
            {
                // Each rounding is off by half a unit in the last place of a partial sum no larger than the size.
                double tolerance = (_terms[i] + 1) * Math.ScaleB(_size[i], -24);
                double expected = relu ? Math.Max(0, _sum[i]) : _sum[i];
                if (!(Math.Abs(actual[i] - expected) <= tolerance))
                {
                    Assert.Fail($"{what}: element {i} is {actual[i]}, expected {expected} within {tolerance}");
                }
            }
        }
    }
}
