using System.Runtime.InteropServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>One run of a kernel case on one engine: makes guarded buffers, compares outputs with the reference, keeps their bits.</summary>
/// <param name="what">The case: the first words of a failure.</param>
/// <param name="backend">The engine.</param>
/// <param name="compares">Whether outputs are compared with the reference, or only their bits kept.</param>
/// <param name="guards">Whether buffers lie between guards; see <see cref="GuardedBuffer"/>.</param>
internal sealed class KernelRun(string what, IBackend backend, bool compares, bool guards = true) : IDisposable
{
    private readonly List<GuardedBuffer> _buffers = [];

    public IBackend Backend { get; } = backend;

    /// <summary>Allowed beyond what a case allows in float32.</summary>
    public Tolerance Extra { get; set; } = Tolerance.Exact;

    /// <summary>A buffer with floats that the kernel must not change.</summary>
    public DeviceBuffer Input(NdArray values) => Add(GuardedBuffer.Input<float>(Backend, values.Floats, guards));

    public DeviceBuffer Input(int[] values) => Add(GuardedBuffer.Input<int>(Backend, values, guards));

    public DeviceBuffer Input(byte[] values) => Add(GuardedBuffer.Input<byte>(Backend, values, guards));

    /// <summary>A buffer with floats that the kernel reads and overwrites.</summary>
    public DeviceBuffer InOut(NdArray values) => Add(GuardedBuffer.InOut<float>(Backend, values.Floats, guards));

    /// <summary>A buffer for the kernel to fill with 4-byte elements; what it fails to fill is NaN.</summary>
    public DeviceBuffer Output(int count) => Add(GuardedBuffer.Output(Backend, count, guards));

    /// <summary>Compares an output; see <see cref="Check.Close"/>.</summary>
    public void Expect(DeviceBuffer output, Func<NdArray> expected, Tolerance tolerance, double size = 0)
    {
        if (compares)
        {
            var values = expected();
            double[] sizes = new double[values.Count];
            Array.Fill(sizes, size);
            Check.Close(what, values, Read<float>(output), tolerance + Extra, sizes);
        }
    }

    /// <summary>Compares an output of integers.</summary>
    public void Expect(DeviceBuffer output, Func<int[]> expected)
    {
        if (compares)
        {
            Check.SameBits<int>(what, expected(), Read<int>(output));
        }
    }

    public ReadOnlySpan<T> Read<T>(DeviceBuffer buffer) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(_buffers.Find(guarded => guarded.Buffer == buffer)!.Read());

    /// <summary>Checks the guards of all buffers and returns the bytes of all outputs, one after the other.</summary>
    public byte[] Finish()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Verify(what);
        }

        return [.. _buffers.Where(buffer => buffer.IsOutput).SelectMany(buffer => buffer.Read())];
    }

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private DeviceBuffer Add(GuardedBuffer buffer)
    {
        _buffers.Add(buffer);
        return buffer.Buffer;
    }
}
