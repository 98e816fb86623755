namespace NanoNet.Kernels.Random;

/// <summary>Four 32-bit integers: what one call of <see cref="Philox"/> yields.</summary>
public readonly record struct UInt4(uint X, uint Y, uint Z, uint W)
{
    /// <summary>The integer at position 0 to 3.</summary>
    public uint this[int index] => index == 0 ? X : index == 1 ? Y : index == 2 ? Z : W;
}
