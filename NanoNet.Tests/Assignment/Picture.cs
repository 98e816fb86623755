using NanoNet.Assignment.Plots.Style;
using SkiaSharp;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>A PNG file read back, asked for what a person would look for; places are in figure units.</summary>
internal sealed class Picture : IDisposable
{
    private readonly SKBitmap bitmap;

    public Picture(string path)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], File.ReadAllBytes(path)[..8]);
        Assert.InRange(new FileInfo(path).Length, 10_000, 500_000);
        bitmap = SKBitmap.Decode(path);
        Assert.NotNull(bitmap);
    }

    public int Width => bitmap.Width;

    public int Height => bitmap.Height;

    /// <summary>The whole sheet.</summary>
    public SKRect All => SKRect.Create(0, 0, (float)Width / Figure.PixelsPerUnit, (float)Height / Figure.PixelsPerUnit);

    /// <summary>The colours of a place, row by row.</summary>
    public SKColor[] Pixels(SKRect place)
    {
        var colors = new List<SKColor>();
        for (int y = First(place.Top); y < First(place.Bottom); y++)
        {
            for (int x = First(place.Left); x < First(place.Right); x++)
                colors.Add(bitmap.GetPixel(x, y));
        }
        return [.. colors];
    }

    /// <summary>How many different colours a place has.</summary>
    public int Colors(SKRect place) => Pixels(place).Distinct().Count();

    /// <summary>How many pixels of a place are dark, as text and garments are.</summary>
    public int Dark(SKRect place) => Pixels(place).Count(color => color.Red + color.Green + color.Blue < 300);

    /// <summary>How many pixels of a place have very nearly this colour.</summary>
    public int Count(SKRect place, SKColor color) => Pixels(place).Count(pixel => Distance(pixel, color) < 12);

    /// <summary>Fails if anything touches the sheet's edge, where it would be cut.</summary>
    public void AssertEdgesAreClear()
    {
        const float Edge = 4;
        SKRect all = All;
        SKRect[] edges =
        [
            SKRect.Create(0, 0, all.Width, Edge),
            SKRect.Create(0, all.Height - Edge, all.Width, Edge),
            SKRect.Create(0, 0, Edge, all.Height),
            SKRect.Create(all.Width - Edge, 0, Edge, all.Height),
        ];
        Assert.All(edges, edge => Assert.Equal([Palette.Paper], Pixels(edge).Distinct()));
    }

    public void Dispose() => bitmap.Dispose();

    private static int First(float units) => (int)MathF.Round(units * Figure.PixelsPerUnit);

    private static int Distance(SKColor a, SKColor b) =>
        Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
}
