namespace NanoNet.Kernels.Ilgpu;

/// <summary>An operation that folds many values into one.</summary>
internal interface IFold
{
    /// <summary>What no value at all folds into; combined with any value, it leaves that as it is, to the bit.</summary>
    static abstract float Identity { get; }

    /// <summary>Two values in one.</summary>
    static abstract float Combine(float a, float b);
}

/// <summary>The sum.</summary>
internal readonly struct Sum : IFold
{
    /// <inheritdoc/>
    /// <remarks>Negative: 0 + −0 is 0, and that would be another value.</remarks>
    public static float Identity => -0f;

    /// <inheritdoc/>
    public static float Combine(float a, float b) => a + b;
}

/// <summary>The largest; not a number if any is not a number.</summary>
internal readonly struct Largest : IFold
{
    /// <inheritdoc/>
    public static float Identity => float.NegativeInfinity;

    /// <inheritdoc/>
    public static float Combine(float a, float b) => a > b || float.IsNaN(a) ? a : b;
}
