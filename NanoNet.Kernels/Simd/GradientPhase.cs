namespace NanoNet.Kernels.Simd;

/// <summary>
/// Along one axis, the input pixels h with (h + pad) mod stride = phase: outputs p see them through the taps i = phase, phase + stride, …,
/// as p = (h + pad − i) / stride.
/// </summary>
internal readonly struct GradientPhase
{
    /// <summary>Describes one class of pixels.</summary>
    public GradientPhase(int size, int kernel, int stride, int pad, int phase)
    {
        First = (((phase - pad) % stride) + stride) % stride;
        Count = (size - First + stride - 1) / stride;
        Taps = (kernel - phase + stride - 1) / stride;
        if (kernel <= phase)
        {
            Taps = 0;
        }

        // Pixel u of the class sees outputs last + u − (Taps − 1) to last + u, the taps in falling order.
        int last = (First + pad - phase) / stride;
        Pad = Taps - 1 - last;
    }

    /// <summary>The first pixel.</summary>
    public int First { get; }

    /// <summary>How many pixels.</summary>
    public int Count { get; }

    /// <summary>How many taps reach them.</summary>
    public int Taps { get; }

    /// <summary>Where the first window over the outputs starts before output 0.</summary>
    public int Pad { get; }
}
