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

    private readonly float[] _x;
    private readonly float[] _filter;
    private readonly float[] _bias;
    private readonly float[] _dy;
    private readonly Lazy<(DoubleSums Y, DoubleSums Dx, DoubleSums Dfilter)> _expected;

    public ConvolutionCase(Conv2DGeometry geometry)
    {
        Geometry = geometry;
        var random = new Random(geometry.InputCount + 7 * geometry.FilterCount + 31 * geometry.OutputCount);
        _x = Fill(geometry.InputCount);
        _filter = Fill(geometry.FilterCount);
        _bias = Fill(geometry.Filters);
        _dy = Fill(geometry.OutputCount);
        _expected = new(Loops);

        float[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    public Conv2DGeometry Geometry { get; }

    /// <summary>Forward, as a user calls it: with bias and ReLU, or with neither.</summary>
    public float[] Forward(SimdBackend backend, bool biasAndRelu) => Compute(
        backend, Geometry.OutputCount, _x, _filter,
        (y, x, filter, bias) => backend.Conv2D(
            y, x, filter, biasAndRelu ? bias : null, Geometry, biasAndRelu ? Activation.Relu : Activation.None));

    public float[] InputGradient(SimdBackend backend) => Compute(
        backend, Geometry.InputCount, _dy, _filter, (dx, dy, filter, _) => backend.Conv2DInputGradient(dx, dy, filter, Geometry));

    public float[] FilterGradient(SimdBackend backend) => Compute(
        backend, Geometry.FilterCount, _x, _dy, (dfilter, x, dy, _) => backend.Conv2DFilterGradient(dfilter, x, dy, Geometry));

    /// <summary>Every element of every direction within the rounding errors of a plain sum.</summary>
    public void Check(SimdBackend backend)
    {
        _expected.Value.Y.Check(Forward(backend, false), $"forward {Geometry}");
        Activated().Check(Forward(backend, true), $"forward with bias and ReLU {Geometry}");
        _expected.Value.Dx.Check(InputGradient(backend), $"input gradient {Geometry}");
        _expected.Value.Dfilter.Check(FilterGradient(backend), $"filter gradient {Geometry}");
    }

    /// <summary>Relative errors, by L2 norm, of y, dx and dfilter.</summary>
    public double[] RelativeErrors(SimdBackend backend) =>
    [
        Activated().RelativeError(Forward(backend, true)),
        _expected.Value.Dx.RelativeError(InputGradient(backend)),
        _expected.Value.Dfilter.RelativeError(FilterGradient(backend)),
    ];

    private DoubleSums Activated() => _expected.Value.Y.WithBiasAndRelu(_bias);

    private float[] Compute(
        SimdBackend backend, int count, float[] first, float[] second,
        Action<DeviceBuffer, DeviceBuffer, DeviceBuffer, DeviceBuffer> operation)
    {
        var result = new float[count + 64];
        Array.Fill(result, Guard);
        DeviceBuffer[] buffers = [.. new[] { result, first, second, _bias }.Select(values =>
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

    private (DoubleSums Y, DoubleSums Dx, DoubleSums Dfilter) Loops()
    {
        var g = Geometry;
        var (y, dx, dfilter) = (new DoubleSums(g.OutputCount), new DoubleSums(g.InputCount), new DoubleSums(g.FilterCount));
        for (int pixel = 0; pixel < g.OutputPixels; pixel++)
        {
            int q = pixel % g.OutputWidth;
            int p = pixel / g.OutputWidth % g.OutputHeight;
            int n = pixel / g.OutputWidth / g.OutputHeight;
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
                    int input = ((n * g.Height + h) * g.Width + w) * g.Channels + c;
                    int weight = (tap * g.Channels + c) * g.Filters;
                    int output = pixel * g.Filters;
                    for (int f = 0; f < g.Filters; f++, weight++, output++)
                    {
                        y.Add(output, (double)_x[input] * _filter[weight]);
                        dx.Add(input, (double)_dy[output] * _filter[weight]);
                        dfilter.Add(weight, (double)_dy[output] * _x[input]);
                    }
                }
            }
        }

        return (y, dx, dfilter);
    }
}
