using ScottPlot;
using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>Gives ScottPlot the embedded typefaces; other names go to the next resolver.</summary>
internal sealed class EmbeddedFontResolver : IFontResolver
{
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing)
    {
        if (fontName != Typefaces.Family)
            return null;
        return weight >= FontWeight.SemiBold ? Typefaces.SemiBold : Typefaces.Regular;
    }

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, bold ? FontWeight.Bold : FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
}
