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
        string target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (SKData png = Encode(pixels))
            using (FileStream stream = File.Create(temporary))
                png.SaveTo(stream);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static SKData Encode(SKPixmap pixels) =>
        pixels.Encode(Options) ?? throw new InvalidOperationException("The picture could not be encoded as PNG.");
}
