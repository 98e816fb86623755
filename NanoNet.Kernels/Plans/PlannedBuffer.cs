using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// Stands for memory in recorded calls until the plan, which sees the whole step, says what memory that is.
/// </summary>
internal sealed class PlannedBuffer(long byteLength, DeviceInfo device) : DeviceBuffer(byteLength, device)
{
    /// <summary>The memory; null until the plan is made. Buffers that are never in use together share it.</summary>
    public DeviceBuffer? Memory { get; set; }

    /// <summary>What a call works on: the memory behind a planned buffer, any other buffer itself.</summary>
    public static DeviceBuffer Of(DeviceBuffer buffer) => buffer is PlannedBuffer planned ? planned.Memory! : buffer;

    /// <summary>The same for an operand that may be left out.</summary>
    public static DeviceBuffer? OfOrNull(DeviceBuffer? buffer) => buffer is null ? null : Of(buffer);

    /// <inheritdoc/>
    public override DeviceBuffer Slice(long byteOffset, long byteLength) =>
        throw new NotSupportedException("A buffer of a step that is being recorded cannot be sliced.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // There is nothing to free: the plan owns the memory.
    }
}
