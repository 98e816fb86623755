using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Markdig.Renderers;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax.Inlines;
using NanoNet.Assignment.Plots.Style;

namespace NanoNet.Assignment.Report;

/// <summary>Pictures, put into the page as they are; the caption says for the eye what it says for the ear.</summary>
internal sealed class FigureRenderer(string folder) : LinkInlineRenderer
{
    // In a PNG file the width and the height follow the signature and the first chunk's length and name.
    private const int WidthAt = 16;
    private const int HeightAt = 20;

    // A figure so much higher than wide gets a page of its own on paper.
    private const double Tall = 1.2;

    protected override void Write(HtmlRenderer renderer, LinkInline link)
    {
        if (!link.IsImage)
        {
            base.Write(renderer, link);
            return;
        }

        string path = Path.Combine(folder, link.Url!);
        if (!File.Exists(path))
        {
            return;
        }

        byte[] png = File.ReadAllBytes(path);
        double width = Side(png, WidthAt);
        double height = Side(png, HeightAt);
        string tall = height > Tall * width ? " class=\"tall\"" : "";
        string caption = WebUtility.HtmlEncode(string.Concat(link.Select(inline => inline.ToString())));
        renderer.Write("<figure").Write(tall).Write("><img alt=\"").Write(caption).Write("\" width=\"")
            .Write(Text(width)).Write("\" height=\"").Write(Text(height)).Write("\" src=\"data:image/png;base64,")
            .Write(Convert.ToBase64String(png)).Write("\"><figcaption>").Write(caption)
            .WriteLine("</figcaption></figure>");
    }

    private static double Side(byte[] png, int at) =>
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)) / (double)Figure.PixelsPerUnit;

    private static string Text(double side) => side.ToString(CultureInfo.InvariantCulture);
}
