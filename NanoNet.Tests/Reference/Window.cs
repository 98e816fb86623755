using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Reference;

/// <summary>Where windows lie along an axis, from Keras' definition of valid and same.</summary>
/// <param name="Count">How many windows there are.</param>
/// <param name="Stride">How far each is from the one before it.</param>
/// <param name="PadBefore">Elements of padding before the axis.</param>
internal readonly record struct Window(int Count, int Stride, int PadBefore)
{
    /// <summary>
    /// Valid: every window that fits. Same: one window for each stride begun, with the padding it takes split evenly and the odd
    /// element behind.
    /// </summary>
    public static Window Along(int size, int window, int stride, Padding padding)
    {
        int count = 0;
        if (padding == Padding.Valid)
        {
            while ((count * stride) + window <= size)
            {
                count++;
            }

            return new(count, stride, 0);
        }

        count = (int)Math.Ceiling((double)size / stride);
        int missing = Math.Max(0, ((count - 1) * stride) + window - size);
        return new(count, stride, missing / 2);
    }

    /// <summary>The place of a window's first element; negative inside the padding.</summary>
    public int First(int index) => (index * Stride) - PadBefore;
}
