using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// A call of <see cref="IBackend"/> that can be made any number of times, and what it does to which buffers.
/// </summary>
/// <param name="writes">What it writes. Whatever it only adds to is among the reads as well.</param>
/// <param name="reads">What it reads; operands that are left out are null.</param>
/// <param name="run">Makes the call.</param>
internal class PlannedCall(
    ReadOnlySpan<DeviceBuffer?> writes, ReadOnlySpan<DeviceBuffer?> reads, Action<IBackend> run)
{
    /// <summary>The buffers it writes.</summary>
    public DeviceBuffer[] Writes { get; } = Present(writes);

    /// <summary>The buffers it reads.</summary>
    public DeviceBuffer[] Reads { get; } = Present(reads);

    /// <summary>
    /// An operand of the first output's size that this output may overwrite: where nobody reads the operand later, both
    /// can be the same memory.
    /// </summary>
    public DeviceBuffer? Overwritable { get; init; }

    /// <summary>The clock that it reads, if it reads one.</summary>
    public StepClock? Clock { get; init; }

    /// <summary>Makes the call.</summary>
    public void Run(IBackend backend) => run(backend);

    /// <summary>Whether the call reads or writes a buffer.</summary>
    public bool Touches(DeviceBuffer buffer) => Writes.AsSpan().Contains(buffer) || Reads.AsSpan().Contains(buffer);

    private static DeviceBuffer[] Present(ReadOnlySpan<DeviceBuffer?> operands)
    {
        var present = new List<DeviceBuffer>();
        foreach (var operand in operands)
        {
            if (operand is not null)
            {
                present.Add(operand);
            }
        }

        return [.. present];
    }
}
