using NanoNet.Core.Files;
using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>Writes PNG files so that a reader finds the old file or the new one, never half of one.</summary>
internal static class PngFile
{
    // Rows of a drawing are mostly like the row above. Level 9 would save a fiftieth and take four times as long.
    private static readonly SKPngEncoderOptions Options = new(SKPngEncoderFilterFlags.Up, zLibLevel: 6);

    /// <summary>Writes a picture beside its final place, then moves it there. Missing folders are made.</summary>
    public static void Write(string path, SKPixmap pixels)
    {
        using SKData png = Encode(pixels);
        AtomicFile.Write(path, png.SaveTo);
    }

    private static SKData Encode(SKPixmap pixels) =>
        pixels.Encode(Options) ?? throw new InvalidOperationException("The picture could not be encoded as PNG.");
}
