using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>Size (in figure units), weight and colour of a piece of text.</summary>
internal readonly record struct TextStyle(float Size, SKColor Color, bool Bold = false)
{
    /// <summary>The figure's title.</summary>
    public static readonly TextStyle Title = new(21, Palette.Ink, Bold: true);

    /// <summary>The sentence under the title.</summary>
    public static readonly TextStyle Subtitle = new(13, Palette.SoftInk);

    /// <summary>What an axis shows.</summary>
    public static readonly TextStyle Axis = new(14, Palette.Ink, Bold: true);

    /// <summary>Names along an axis.</summary>
    public static readonly TextStyle Label = new(13, Palette.Ink);

    /// <summary>A figure that matters.</summary>
    public static readonly TextStyle Value = new(14, Palette.Ink, Bold: true);

    /// <summary>Small print.</summary>
    public static readonly TextStyle Small = new(11, Palette.SoftInk);

    /// <summary>The width of a text, in figure units.</summary>
    public float WidthOf(string text)
    {
        using SKFont font = NewFont();
        return font.MeasureText(text);
    }

    /// <summary>The width of the widest of several texts; 0 for none.</summary>
    public float WidestOf(IEnumerable<string> texts)
    {
        float widest = 0;
        foreach (string text in texts)
            widest = Math.Max(widest, WidthOf(text));
        return widest;
    }

    /// <summary>This style, made smaller if the text would otherwise be wider than <paramref name="width"/>.</summary>
    public TextStyle FittedTo(string text, float width)
    {
        float natural = WidthOf(text);
        return natural <= width ? this : this with { Size = Size * width / natural };
    }

    // No hinting and subpixel positions: glyphs keep their true shapes at any scale, on every machine.
    internal SKFont NewFont() => new(Bold ? Typefaces.SemiBold : Typefaces.Regular, Size)
    {
        Edging = SKFontEdging.Antialias,
        Hinting = SKFontHinting.None,
        Subpixel = true,
        LinearMetrics = true,
    };
}
