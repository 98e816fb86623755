using System.Globalization;
using System.Net;
using System.Text;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NanoNet.Assignment.Report;

/// <summary>
/// The report as one page that needs no other file: report.md, its pictures inside it. For a desk, a phone and paper,
/// by day and by night.
/// </summary>
internal static class HtmlReport
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    /// <summary>The page.</summary>
    /// <param name="markdown">The text of report.md.</param>
    /// <param name="folder">Where its pictures are. One that is not there yet is left out.</param>
    public static string Write(string markdown, string folder)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        var headings = document.Descendants<HeadingBlock>().ToList();
        string title = headings.Count > 0 ? PlainText(headings[0]) : "Report";
        using var body = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = new HtmlRenderer(body);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<ParagraphRenderer>(new FigureRowRenderer());
        renderer.ObjectRenderers.Replace<LinkInlineRenderer>(new FigureRenderer(folder));
        renderer.Render(document);
        string text = body.ToString();

        // The contents follow what everyone shall read: the title, what this is, and the answers in one table.
        int chapters = text.IndexOf("<h2", StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {Style()}</style>
            </head>
            <body>
            <main>
            {text[..chapters]}<nav aria-label="Contents">
            {Contents(headings)}</nav>
            {text[chapters..]}</main>
            </body>
            </html>

            """;
    }

    private static string Contents(IEnumerable<HeadingBlock> headings)
    {
        var list = new StringBuilder("<ul>\n");
        foreach (var heading in headings.Where(heading => heading.Level is 2 or 3))
        {
            string text = WebUtility.HtmlEncode(PlainText(heading));
            list.Append(CultureInfo.InvariantCulture, $"<li class=\"level-{heading.Level}\">");
            list.Append(CultureInfo.InvariantCulture, $"<a href=\"#{heading.GetAttributes().Id}\">{text}</a></li>\n");
        }

        return list.Append("</ul>\n").ToString();
    }

    private static string PlainText(HeadingBlock heading) =>
        string.Concat(heading.Inline!.Descendants<LiteralInline>().Select(literal => literal.Content.ToString()));

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("report.css is not embedded in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
