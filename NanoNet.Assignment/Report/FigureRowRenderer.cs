using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NanoNet.Assignment.Report;

/// <summary>
/// A paragraph of nothing but pictures is a row of figures; the one that says how they are made is small.
/// </summary>
internal sealed class FigureRowRenderer : ParagraphRenderer
{
    protected override void Write(HtmlRenderer renderer, ParagraphBlock obj)
    {
        if (obj.Inline is { } inline && inline.All(part => part is LineBreakInline or LinkInline { IsImage: true }))
        {
            renderer.Write("<div class=\"figures\">").WriteLeafInline(obj).WriteLine("</div>");
        }
        else if (obj.Inline?.FirstChild is EmphasisInline { FirstChild: LiteralInline made }
            && made.Content.ToString() == "Made by")
        {
            renderer.Write("<p class=\"made\">").WriteLeafInline(obj).WriteLine("</p>");
        }
        else
        {
            base.Write(renderer, obj);
        }
    }
}
