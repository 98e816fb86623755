using System.Numerics;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Division by a number that is known at launch: one wide multiplication and a shift in the kernel, where a GPU's
/// integer division takes some twenty instructions. Kernels divide to take a flat index apart.
/// </summary>
/// <remarks>
/// With l = ⌈log₂ d⌉ and m = ⌈2³¹⁺ˡ / d⌉, ⌊n / d⌋ = ⌊n · m / 2³¹⁺ˡ⌋ for every n below 2³¹ (Granlund and Montgomery,
/// "Division by invariant integers using multiplication", 1994). The product of two 32-bit numbers is one instruction
/// on a GPU, and so are the 32 bits that the quotient takes of it.
/// </remarks>
internal readonly struct FastDivisor
{
    private readonly uint _multiplier;
    private readonly int _shift;

    /// <summary>Prepares division by a positive number.</summary>
    public FastDivisor(int divisor)
    {
        _shift = 63 - BitOperations.LeadingZeroCount((uint)divisor - 1);
        _multiplier = (uint)(((1UL << _shift) + (ulong)divisor - 1) / (ulong)divisor);
    }

    /// <summary>⌊<paramref name="number"/> / divisor⌋ for a number that is not negative.</summary>
    /// <remarks>
    /// A negative number is taken as the unsigned one of the same bits, and its quotient, unsigned too, is no smaller
    /// than the exact one. The result becomes unsigned first so that a further division need not extend a sign.
    /// </remarks>
    public int Divide(int number) => (int)(uint)((ulong)(uint)number * _multiplier >> _shift);
}
