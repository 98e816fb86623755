namespace NanoNet.Kernels.Geometry;

/// <summary>One axis of a sliding window: output size and leading padding, as Keras and TensorFlow compute them.</summary>
internal static class WindowGeometry
{
    /// <summary>The number of windows along an axis, and the padding before its first element.</summary>
    public static (int Output, int PadBefore) Along(int input, int window, int stride, Padding padding)
    {
        if (padding == Padding.Valid)
        {
            return ((input - window) / stride + 1, 0);
        }

        int output = (input + stride - 1) / stride;
        int total = Math.Max((output - 1) * stride + window - input, 0);
        return (output, total / 2);
    }
}
