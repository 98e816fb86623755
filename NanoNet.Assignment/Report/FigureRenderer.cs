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
        string caption = WebUtility.HtmlEncode(string.Concat(link.Select(inline => inline.ToString())));
        renderer.Write("<figure><img alt=\"").Write(caption).Write("\" width=\"").Write(Side(png, WidthAt))
            .Write("\" height=\"").Write(Side(png, HeightAt)).Write("\" src=\"data:image/png;base64,")
            .Write(Convert.ToBase64String(png)).Write("\"><figcaption>").Write(caption)
            .WriteLine("</figcaption></figure>");
    }

    private static string Side(byte[] png, int at)
    {
        int pixels = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        return (pixels / Figure.PixelsPerUnit).ToString(CultureInfo.InvariantCulture);
    }
}
