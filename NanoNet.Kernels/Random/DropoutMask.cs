namespace NanoNet.Kernels.Random;

/// <summary>
/// Which elements a dropout layer keeps in a training step: a pure function of key, layer, epoch, step, row and column.
/// </summary>
/// <remarks>
/// Element (row, column) looks at integer (column mod 4) of Philox block (column / 4, row, step, epoch · 256 + layer)
/// and is dropped when its upper 24 bits are below <see cref="Threshold"/>.
/// </remarks>
/// <param name="Rate">The probability to drop an element, in [0, 1).</param>
/// <param name="Key0">Philox key, low word.</param>
/// <param name="Key1">Philox key, high word.</param>
/// <param name="Layer">The layer's index within its model, below 256.</param>
/// <param name="Clock">Epoch and step, read at each call.</param>
public readonly record struct DropoutMask(float Rate, uint Key0, uint Key1, int Layer, StepClock Clock)
{
    /// <summary>Integers below this, of 2²⁴, drop their element.</summary>
    public uint Threshold => (uint)Math.Round(Rate * 16777216.0);

    /// <summary>What kept elements are multiplied with: 1 / (1 − rate), so that the expectation stays.</summary>
    public float Scale => 1f / (1f - Rate);

    /// <summary>The Philox counter's third word.</summary>
    public uint Counter2 => (uint)Clock.Step;

    /// <summary>The Philox counter's fourth word.</summary>
    public uint Counter3 => FourthWord(Clock.Epoch, Layer);

    /// <summary>The Philox counter's fourth word at an epoch, for kernels that have the clock elsewhere.</summary>
    internal static uint FourthWord(int epoch, int layer) => (uint)epoch * 256 + (uint)layer;
}
