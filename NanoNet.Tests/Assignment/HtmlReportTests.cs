using System.Text.RegularExpressions;
using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Report;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>The page holds all that it shows.</summary>
public sealed partial class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PicturesAreInsideAndThoseThatAreMissingLeaveNoHole()
    {
        HistoryFigure.Save(_folder.File("history-a.png"), "Model A", new HistoryCurves([0.5], [1], [0.5], [1]));

        string page = Page();

        Assert.Single(Images().Matches(page));
        string picture = Convert.ToBase64String(File.ReadAllBytes(_folder.File("history-a.png")));
        Assert.Contains($"src=\"data:image/png;base64,{picture}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"confusion", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPictureNamesTheCommandAndTheSeed()
    {
        string text = ReportWriter.Write(ResultsFileTests.Example);

        int pictures = Regex.Count(text, @"\n\n!\[");
        Assert.Equal(pictures, Regex.Count(text, @"\*Made by\* `\w+ --model A .*--seed 42 --device Cpu`"));
        Assert.Contains("`train --model A --quick --epochs 2 --seed 42", text, StringComparison.Ordinal);
        Assert.Contains(
            "`transfer --model A --transfer-epochs 20 --transfer-max 300 --draws 1 --seed 42", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ContentsLeadToTheirHeadings()
    {
        string page = Page();

        var targets = Links().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.True(targets.Count >= 5);
        Assert.All(targets, target => Assert.Contains($"id=\"{target}\"", page, StringComparison.Ordinal));
        Assert.Equal(targets.Count, targets.Distinct().Count());
    }

    [Fact]
    public void ItIsForPhonesPaperAndTheDark()
    {
        string page = Page();

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        string[] parts = ["width=device-width", "prefers-color-scheme: dark", "@media print", "<title>Assignment 4"];
        Assert.All(parts, part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    private string Page() => HtmlReport.Write(ReportWriter.Write(ResultsFileTests.Example), _folder.Path);

    [GeneratedRegex("<img ")]
    private static partial Regex Images();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Links();
}
