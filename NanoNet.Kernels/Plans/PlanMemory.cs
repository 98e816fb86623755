using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// The memory of a plan's own buffers. Those that are not in use at the same time share it, so a step needs less memory
/// and finds more of it in the caches.
/// </summary>
internal sealed class PlanMemory(BufferPool pool) : IDisposable
{
    // A buffer takes over free memory up to twice its size. With more it would keep a large buffer waiting for what
    // little a small one holds.
    private const int LargestFit = 2;

    private readonly List<DeviceBuffer> _rented = [];
    private readonly List<DeviceBuffer> _free = [];

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How many bytes it holds.</summary>
    public long Bytes => _rented.Sum(buffer => buffer.ByteLength);

    /// <summary>Memory that is not shared, for what is written once and read in every run.</summary>
    public void AssignForGood(IEnumerable<PlannedCall> once)
    {
        foreach (var buffer in once.SelectMany(Operands))
        {
            buffer.Memory ??= Rent(buffer.ByteLength);
        }
    }

    /// <summary>Memory for everything else, in one walk through the step.</summary>
    /// <param name="calls">The step.</param>
    /// <param name="result">What is read when the step is over.</param>
    public void Assign(IReadOnlyList<PlannedCall> calls, DeviceBuffer? result)
    {
        var lastUses = LastUses(calls, result);
        for (int i = 0; i < calls.Count; i++)
        {
            TakeOverOperand(calls[i], i, lastUses);
            foreach (var buffer in Operands(calls[i]))
            {
                buffer.Memory ??= Take(buffer.ByteLength);
            }

            // Only now: an output must not be an operand's memory unless the call says so.
            foreach (var buffer in Operands(calls[i]))
            {
                if (lastUses.GetValueOrDefault(buffer, int.MaxValue) == i && lastUses.Remove(buffer))
                {
                    _free.Add(buffer.Memory!);
                }
            }
        }
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        foreach (var buffer in _rented)
        {
            pool.Return(buffer);
        }

        _rented.Clear();
    }

    private static IEnumerable<PlannedBuffer> Operands(PlannedCall call) =>
        call.Writes.Concat(call.Reads).OfType<PlannedBuffer>();

    private static Dictionary<PlannedBuffer, int> LastUses(IReadOnlyList<PlannedCall> calls, DeviceBuffer? result)
    {
        var lastUses = new Dictionary<PlannedBuffer, int>();
        for (int i = 0; i < calls.Count; i++)
        {
            foreach (var buffer in Operands(calls[i]))
            {
                if (buffer.Memory is null && buffer != result)
                {
                    lastUses[buffer] = i;
                }
            }
        }

        return lastUses;
    }

    // In place, where the call allows it and this is the operand's last use.
    private static void TakeOverOperand(PlannedCall call, int index, Dictionary<PlannedBuffer, int> lastUses)
    {
        if (call.Overwritable is PlannedBuffer operand
            && call.Writes[0] is PlannedBuffer { Memory: null } output
            && output.ByteLength == operand.ByteLength
            && call.Reads.Count(read => read == operand) == 1
            && lastUses.GetValueOrDefault(operand, -1) == index)
        {
            output.Memory = operand.Memory;
            lastUses.Remove(operand);
        }
    }

    // The smallest that is large enough; of equals the one freed last, which is likeliest to be in a cache.
    private DeviceBuffer Take(long byteLength)
    {
        DeviceBuffer? best = null;
        foreach (var buffer in _free)
        {
            bool fits = buffer.ByteLength >= byteLength && buffer.ByteLength <= LargestFit * byteLength;
            if (fits && (best is null || buffer.ByteLength <= best.ByteLength))
            {
                best = buffer;
            }
        }

        if (best is null)
        {
            return Rent(byteLength);
        }

        _free.Remove(best);
        return best;
    }

    private DeviceBuffer Rent(long byteLength)
    {
        var buffer = pool.Rent(byteLength);
        _rented.Add(buffer);
        return buffer;
    }
}
