using ILGPU;
using ILGPU.Runtime;
using Readings = ILGPU.ArrayView<NanoNet.Kernels.Ilgpu.ClockReading>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// A <see cref="StepClock"/> in device memory, where kernels read it: so a step that was recorded, with whatever
/// arguments, can be repeated at another time.
/// </summary>
/// <remarks>
/// In a loop the clock moves by the same amount from step to step, and the step itself ends by moving it on
/// (<see cref="QueueAdvance"/>, or <see cref="Advance"/> within its last kernel). The host only says what the time is
/// when it is not what the device expects: when an epoch begins, or another clock is asked for. Everything runs in
/// order on one stream, so "what the device holds" means once all that is queued is done.
/// </remarks>
internal sealed class DeviceClock(KernelQueue queue, IlgpuBuffer buffer) : IDisposable
{
    private static readonly KernelConfig s_oneThread = new(1, 1);

    private readonly Readings _view = buffer.Bytes.Cast<ClockReading>();
    private Action<AcceleratorStream, KernelConfig, Readings, ClockReading, ClockReading>? _set;
    private Action<AcceleratorStream, KernelConfig, Readings>? _advance;
    private bool _isSet;
    private ClockReading _held;
    private ClockReading _stride;
    private ClockReading _asked;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    // The first reading is the time, the second what it moves by.

    internal static void SetKernel(Readings clock, ClockReading time, ClockReading stride)
    {
        clock[0] = time;
        clock[1] = stride;
    }

    internal static void AdvanceKernel(Readings clock) => Advance(clock);

    /// <summary>Moves a clock on: for one thread of a kernel in which no other reads it.</summary>
    public static void Advance(Readings clock) => clock[0] = ClockReading.Add(clock[0], clock[1]);

    /// <summary>Where kernels read it.</summary>
    public Readings View => _view;

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>The clock as kernels that are queued next will find it: showing the given one's time.</summary>
    public Readings At(StepClock clock)
    {
        var time = new ClockReading(clock);
        if (!_isSet || time != _held)
        {
            _stride = ClockReading.Subtract(time, _asked);
            queue.Load(ref _set, SetKernel)(queue.Stream, s_oneThread, _view, time, _stride);
            _held = time;
            _isSet = true;
        }

        _asked = time;
        return _view;
    }

    /// <summary>Queues the kernel that moves the clock on.</summary>
    public void QueueAdvance() => queue.Load(ref _advance, AdvanceKernel)(queue.Stream, s_oneThread, _view);

    /// <summary>Takes note that a kernel that moves it was queued and will run, be it alone or in a graph.</summary>
    public void NoteAdvance() => _held = ClockReading.Add(_held, _stride);

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();
}
