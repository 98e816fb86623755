using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>
/// A sheet to draw on. Units are hundredths of an inch, the origin is at the top left; each unit is
/// <see cref="PixelsPerUnit"/> pixels, which is 200 pixels an inch. Owns its surface.
/// </summary>
internal sealed class Figure : IDisposable
{
    /// <summary>Pixels along one figure unit.</summary>
    public const int PixelsPerUnit = 2;

    /// <summary>Free space at each side of the sheet.</summary>
    public const float Margin = 24;

    private readonly SKSurface surface;

    /// <summary>An empty sheet; sizes are rounded up to whole units.</summary>
    public Figure(float width, float height)
    {
        Width = MathF.Ceiling(width);
        Height = MathF.Ceiling(height);
        // Opaque: the PNG then has no alpha channel, is smaller, and looks the same on dark pages.
        var info = new SKImageInfo(
            (int)Width * PixelsPerUnit, (int)Height * PixelsPerUnit, SKColorType.Rgba8888, SKAlphaType.Opaque);
        surface = SKSurface.Create(info) ?? throw new InvalidOperationException(
            $"No drawing surface of {info.Width} x {info.Height} pixels could be made.");
        Canvas.Clear(Palette.Paper);
        Canvas.Scale(PixelsPerUnit);
    }

    public float Width { get; }

    public float Height { get; }

    /// <summary>Skia's canvas, scaled to figure units.</summary>
    public SKCanvas Canvas => surface.Canvas;

    /// <summary>Height that <see cref="Header"/> takes, the space below it included.</summary>
    public static float HeaderHeight(string? subtitle) => Margin + 24 + (subtitle is null ? 0 : 24) + 18;

    /// <summary>Draws title and subtitle at the top left, smaller if they would be cut.</summary>
    public void Header(string title, string? subtitle)
    {
        float width = Width - (2 * Margin);
        Text(title, Margin, Margin + 12, TextStyle.Title.FittedTo(title, width));
        if (subtitle is not null)
            Text(subtitle, Margin, Margin + 38, TextStyle.Subtitle.FittedTo(subtitle, width));
    }

    /// <summary>Draws a line of text, capitals centred on <paramref name="middle"/>, turned about its anchor.</summary>
    public void Text(
        string text, float x, float middle, TextStyle style, SKTextAlign align = SKTextAlign.Left, float degrees = 0)
    {
        using SKFont font = style.NewFont();
        using var paint = new SKPaint { Color = style.Color, IsAntialias = true };
        font.GetFontMetrics(out SKFontMetrics metrics);
        Canvas.Save();
        Canvas.Translate(x, middle);
        Canvas.RotateDegrees(degrees);
        Canvas.DrawText(text, 0, metrics.CapHeight / 2, align, font, paint);
        Canvas.Restore();
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(SKRect area, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        Canvas.DrawRect(area, paint);
    }

    /// <summary>Draws a rectangle's border, inside the rectangle, with or without dashes.</summary>
    public void Frame(SKRect area, SKColor color, float thickness, float dash = 0)
    {
        using SKPaint paint = Stroke(color, thickness);
        if (dash > 0)
            paint.PathEffect = SKPathEffect.CreateDash([dash, dash], 0);
        area.Inflate(-thickness / 2, -thickness / 2);
        Canvas.DrawRect(area, paint);
    }

    /// <summary>Fills a circle.</summary>
    public void Disc(float x, float y, float radius, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        Canvas.DrawCircle(x, y, radius, paint);
    }

    /// <summary>Draws a straight line.</summary>
    public void Line(float x0, float y0, float x1, float y1, SKColor color, float thickness)
    {
        using SKPaint paint = Stroke(color, thickness);
        Canvas.DrawLine(x0, y0, x1, y1, paint);
    }

    /// <summary>Covers a rectangle with slanted lines: "this place has no meaning".</summary>
    public void Hatch(SKRect area)
    {
        const float Gap = 8;
        using SKPaint paint = Stroke(Palette.Rule, 1);
        paint.IsAntialias = true;
        Canvas.Save();
        Canvas.ClipRect(area);
        for (float shift = -area.Height; shift < area.Width; shift += Gap)
            Canvas.DrawLine(area.Left + shift, area.Bottom, area.Left + shift + area.Height, area.Top, paint);
        Canvas.Restore();
    }

    /// <summary>Writes the sheet as a PNG file, all of it or nothing.</summary>
    public void Save(string path)
    {
        using SKPixmap pixels = surface.PeekPixels();
        PngFile.Write(path, pixels);
    }

    public void Dispose() => surface.Dispose();

    private static SKPaint Stroke(SKColor color, float thickness) => new()
    {
        Color = color,
        IsStroke = true,
        StrokeWidth = thickness,
        IsAntialias = true,
    };
}
