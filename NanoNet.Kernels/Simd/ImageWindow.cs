namespace NanoNet.Kernels.Simd;

/// <summary>
/// Copies a window of an image, filled up with zeros where it reaches beyond the border, so that a product can then run through it
/// with fixed strides.
/// </summary>
internal static unsafe class ImageWindow
{
    /// <summary>
    /// target [rows, columns, channels] = image [height, width, channels] from (<paramref name="top"/>, <paramref name="left"/>), which
    /// may lie outside.
    /// </summary>
    public static void Copy(
        float* target, float* image, int height, int width, int channels, int top, int left, int rows, int columns)
    {
        // Columns of the window that lie inside the image.
        int first = Math.Clamp(-left, 0, columns);
        int last = Math.Clamp(width - left, first, columns);
        nint length = (nint)columns * channels;
        for (int row = 0; row < rows; row++, target += length)
        {
            if ((uint)(top + row) >= (uint)height)
            {
                Clear(target, length);
                continue;
            }

            nint inside = (nint)(last - first) * channels;
            float* source = image + ((top + row) * (nint)width + left + first) * channels;
            Clear(target, (nint)first * channels);
            Buffer.MemoryCopy(source, target + (nint)first * channels, inside * sizeof(float), inside * sizeof(float));
            Clear(target + (nint)last * channels, (nint)(columns - last) * channels);
        }
    }

    private static void Clear(float* target, nint count) => new Span<float>(target, (int)count).Clear();
}
