namespace NanoNet.Kernels.Ilgpu;

/// <summary>What a <see cref="StepClock"/> shows, or by how much it moves, as kernels see it.</summary>
internal readonly record struct ClockReading(int Epoch, int Step, int Start)
{
    /// <summary>What a clock shows now.</summary>
    public ClockReading(StepClock clock)
        : this(clock.Epoch, clock.Step, clock.Start)
    {
    }

    /// <summary>a + b.</summary>
    public static ClockReading Add(ClockReading a, ClockReading b) =>
        new(a.Epoch + b.Epoch, a.Step + b.Step, a.Start + b.Start);

    /// <summary>a − b.</summary>
    public static ClockReading Subtract(ClockReading a, ClockReading b) =>
        new(a.Epoch - b.Epoch, a.Step - b.Step, a.Start - b.Start);
}
