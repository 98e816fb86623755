using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The values along an axis of an array, of which a thread takes every so many: value c, before the end, lies at
/// first + c · stride.
/// </summary>
/// <remarks>
/// A load takes some 600 cycles to arrive, and a loop in which each value waits for the last takes as many for each:
/// ILGPU unrolls nothing, and the assembler only what it sees fit. So they are read in blocks of eight
/// (<see cref="Eight"/>).
/// </remarks>
/// <param name="first">Where value 0 lies.</param>
/// <param name="stride">How far apart neighbours lie.</param>
/// <param name="end">The first that is no value any more.</param>
/// <param name="step">A thread takes every so many.</param>
internal readonly struct Axis(int first, int stride, int end, int step = 1)
{
    /// <summary>From a block to the next.</summary>
    public int Block => Eight.Count * step;

    /// <summary>Where a value lies.</summary>
    public int Place(int c) => first + c * stride;

    /// <summary>
    /// The thread's next eight values from c on. Past the end nothing is read, and <paramref name="filling"/> comes
    /// instead.
    /// </summary>
    public Eight Load(Floats x, int c, float filling) => new(
        Load(x, c, 0, filling), Load(x, c, 1, filling), Load(x, c, 2, filling), Load(x, c, 3, filling),
        Load(x, c, 4, filling), Load(x, c, 5, filling), Load(x, c, 6, filling), Load(x, c, 7, filling));

    /// <summary>Writes the thread's next eight values from c on, those that there are.</summary>
    public void Store(Floats y, int c, Eight values)
    {
        Store(y, c, 0, values.V0);
        Store(y, c, 1, values.V1);
        Store(y, c, 2, values.V2);
        Store(y, c, 3, values.V3);
        Store(y, c, 4, values.V4);
        Store(y, c, 5, values.V5);
        Store(y, c, 6, values.V6);
        Store(y, c, 7, values.V7);
    }

    /// <summary>A value and all from c on, combined one after the other.</summary>
    public float Fold<TFold>(Floats x, int c, float value) where TFold : struct, IFold
    {
        for (; c < end; c += 2 * Block)
        {
            // Two blocks are on their way before the first is waited for.
            var near = Load(x, c, TFold.Identity);
            var far = Load(x, c + Block, TFold.Identity);
            value = far.Fold<TFold>(near.Fold<TFold>(value));
        }

        return value;
    }

    // Not a branch on a GPU, but a load that is made or not.
    private float Load(Floats x, int c, int k, float filling) => c + k * step < end ? x[Place(c + k * step)] : filling;

    private void Store(Floats y, int c, int k, float value)
    {
        if (c + k * step < end)
        {
            y[Place(c + k * step)] = value;
        }
    }
}
