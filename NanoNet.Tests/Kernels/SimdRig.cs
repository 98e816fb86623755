using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;

namespace NanoNet.Tests.Kernels;

/// <summary>A SIMD engine with short words for getting arrays in and out of it.</summary>
internal sealed class SimdRig(int threads = 1) : IDisposable
{
    /// <summary>Sizes around the edges of vectors and of unrolled loops.</summary>
    public static readonly int[] OddSizes = [1, 7, 8, 31, 33, 64, 65, 129];

    public SimdBackend Engine { get; } = new(threads);

    public DeviceBuffer Floats(params ReadOnlySpan<float> values) => Upload(values);

    public DeviceBuffer Ints(params ReadOnlySpan<int> values) => Upload(values);

    public DeviceBuffer Bytes(params ReadOnlySpan<byte> values) => Upload(values);

    /// <summary>A buffer full of NaN: what an operation fails to write shows.</summary>
    public DeviceBuffer Output(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return Floats(values);
    }

    public float[] Read(DeviceBuffer buffer, int count)
    {
        var values = new float[count];
        Engine.Download(values.AsSpan(), buffer);
        return values;
    }

    public int[] ReadInts(DeviceBuffer buffer, int count)
    {
        var values = new int[count];
        Engine.Download(values.AsSpan(), buffer);
        return values;
    }

    public static float[] Random(int count, int seed, double low = -2, double high = 2)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(low + ((high - low) * random.NextDouble()));
        }

        return values;
    }

    public void Dispose() => Engine.Dispose();

    private DeviceBuffer Upload<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var buffer = Engine.Pool.Rent(Math.Max(1, values.Length) * 4L);
        Engine.Upload(buffer, values);
        return buffer;
    }
}
