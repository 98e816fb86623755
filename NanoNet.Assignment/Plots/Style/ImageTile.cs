using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>Small images, each of their pixels a square.</summary>
internal static class ImageTile
{
    /// <summary>Side of the data sets' images, in pixels.</summary>
    public const int Side = 28;

    /// <summary>Draws an image of a data set in matplotlib's "binary" map: paper for 0, ink for 255.</summary>
    /// <exception cref="ArgumentException">It is not 28 x 28 bytes.</exception>
    public static void Draw(Figure figure, SKRect place, ReadOnlySpan<byte> bytes, int index)
    {
        if (bytes.Length != Side * Side)
        {
            throw new ArgumentException(
                $"Image {index} has {bytes.Length} bytes; expected {Side} x {Side}, {Side * Side} bytes.");
        }
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        Span<byte> target = bitmap.GetPixelSpan();
        for (int i = 0; i < bytes.Length; i++)
            target[i] = (byte)(255 - bytes[i]);
        Draw(figure, place, bitmap);
    }

    /// <summary>Draws a square of values, row by row, each in the colour that the map has for it.</summary>
    public static void Draw(Figure figure, SKRect place, ReadOnlySpan<float> values, int side, Func<float, SKColor> map)
    {
        using var bitmap = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < side * side; i++)
            bitmap.SetPixel(i % side, i / side, map(values[i]));
        Draw(figure, place, bitmap);
    }

    private static void Draw(Figure figure, SKRect place, SKBitmap bitmap)
    {
        using SKImage image = SKImage.FromBitmap(bitmap);
        figure.Canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
