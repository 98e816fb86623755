using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Plots.Style;
using NanoNet.Core.Data;
using NanoNet.Tests.Data;
using SkiaSharp;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>The pictures: valid files of the right size, the right marks in the right places, no data too odd.</summary>
public sealed class PlotsTests : IDisposable
{
    private static readonly IReadOnlyList<string> Names = FashionMnist.ClassNames;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(200)]
    public void History_is_drawn_for_any_number_of_epochs(int epochs)
    {
        double[] rising = [.. Enumerable.Range(1, epochs).Select(epoch => 0.9 - (0.5 / epoch))];
        double[] falling = [.. rising.Select(value => 2 - value)];
        string path = folder.File("history.png");
        HistoryFigure.Save(path, "Model A", new HistoryCurves(rising, falling, rising, falling), "A note.");
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Count(picture.All, Palette.First) > 150);
        Assert.True(picture.Count(picture.All, Palette.Second) > 150);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void History_survives_values_that_are_not_finite_and_curves_that_are_missing()
    {
        string path = folder.File("history.png");
        double[] diverged = [0.1, double.NaN, double.PositiveInfinity];
        HistoryFigure.Save(path, "Model A", new HistoryCurves(diverged, [2.3, 1e30, double.NaN], [], []));
        HistoryFigure.Save(path, "Model A", new HistoryCurves([], [], [], []));
        using var picture = new Picture(path);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Confusion_cells_are_coloured_by_count_and_hold_text()
    {
        int[,] counts = Diagonal(900);
        counts[2, 7] = 60;
        string path = folder.File("confusion.png");
        ConfusionFigure.Save(path, "Model A", counts, Names);
        using var picture = new Picture(path);
        SKRect Cell(int i, int j) => ConfusionCell(counts, i, j, blank: false);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Count(Cell(3, 3), BluesColorMap.At(1)) > 15_000);
        Assert.True(picture.Count(Cell(3, 3), SKColors.White) > 200);
        Assert.True(picture.Count(Cell(2, 7), BluesColorMap.At(60 / 900.0)) > 15_000);
        Assert.True(picture.Dark(Cell(2, 7)) > 200);
        Assert.Equal(0, picture.Dark(Cell(7, 2)));
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Confusion_in_per_cent_is_coloured_by_the_share_of_the_true_class()
    {
        int[,] counts = Diagonal(900);
        counts[2, 7] = 900;
        string path = folder.File("shares.png");
        ConfusionFigure.SaveShares(path, "Model A", counts, Names);
        using var picture = new Picture(path);
        SKRect Cell(int i, int j) => ConfusionCell(counts, i, j, blank: false);
        Assert.True(picture.Count(Cell(3, 3), BluesColorMap.At(1)) > 15_000);
        Assert.True(picture.Count(Cell(2, 2), BluesColorMap.At(0.5)) > 15_000);
        Assert.True(picture.Count(Cell(2, 7), BluesColorMap.At(0.5)) > 15_000);
        picture.AssertEdgesAreClear();
        ConfusionFigure.SaveShares(path, "Model A", new int[10, 10], Names);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 4)]
    [InlineData(3, 25)]
    public void Pairs_show_as_many_images_as_fit(int pairs, int mistakes)
    {
        byte[] ramp = [.. Enumerable.Range(0, 784).Select(i => (byte)(i / 784.0 * 256))];
        var strip = new PairStrip(
            0, 9, 25, [.. Enumerable.Range(0, mistakes).Select(i => new ConfidentMistake(9000 + i, 9, 0, 1f))]);
        string path = folder.File("pairs.png");
        PairsFigure.Save(path, "Model A", [.. Enumerable.Repeat(strip, pairs)], _ => ramp, Names);
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        picture.AssertEdgesAreClear();
    }

    [Theory]
    [InlineData(7, 64)]
    [InlineData(3, 5)]
    public void Filters_have_one_scale_from_dark_to_light(int side, int count)
    {
        float[] weights = [.. Enumerable.Range(0, side * side * count).Select(i => MathF.Sin(i))];
        weights[0] = 2;
        weights[^1] = -2;
        string path = folder.File("filters.png");
        FiltersFigure.Save(path, "Model B", weights, side);
        using var picture = new Picture(path);
        Assert.True(picture.Count(picture.All, CividisColorMap.At(1)) > 300);
        Assert.True(picture.Count(picture.All, CividisColorMap.At(-1)) > 300);
        // One filter's 49 weights are 25,000 pixels: a hundredth of all weights is at each end, not only the strongest.
        Assert.True(count < 64 || picture.Count(picture.All, CividisColorMap.At(1)) > 8000);
        picture.AssertEdgesAreClear();
        FiltersFigure.Save(path, "Model B", new float[side * side], side);
        Assert.Throws<ArgumentException>(() => FiltersFigure.Save(path, "Model B", new float[side], side));
    }

    [Fact]
    public void Colours_of_signed_values_grow_lighter_so_that_they_read_in_grey()
    {
        double Light(double value) =>
            CividisColorMap.At(value) is var color ? (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue) : 0;
        Assert.All(Enumerable.Range(0, 20), i => Assert.True(Light((i / 10.0) - 0.9) > Light((i / 10.0) - 1)));
    }

    [Fact]
    public void Feature_maps_are_drawn_even_where_nothing_is_excited()
    {
        var maps = new FeatureMaps("Convolution 1, 7 x 7", 28, [.. Enumerable.Range(0, 784 * 16).Select(i => i % 16f)]);
        var dead = new FeatureMaps("Convolution 2, 3 x 3", 7, new float[49 * 4]);
        string path = folder.File("features.png");
        FeatureMapsFigure.Save(path, "Model B", new byte[784], 0, "Ankle boot, taken for Bag.", [maps, dead]);
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Count(picture.All, BluesColorMap.At(1)) > 10_000);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Comparison_is_drawn_with_much_and_with_nothing()
    {
        TransferPoint[] points = [new(100, 0.3), new(200, 0.6), new(400, 0.96)];
        var much = new ComparedModel([0.8, 0.85], new(points, 400), new(points, null));
        var nothing = new ComparedModel([], new([], null), new([], null));
        string path = folder.File("comparison.png");
        ComparisonFigure.Save(path, nothing, nothing);
        ComparisonFigure.Save(path, much, nothing);
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Count(picture.All, Palette.First) > 150);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Transfer_shows_draws_and_converged_points_and_says_what_they_are()
    {
        TransferPoint[] points = [new(100, 0.3, 0.2, 0.5), new(200, 0.6)];
        string plain = folder.File("plain.png");
        string rich = folder.File("rich.png");
        TransferFigure.Save(plain, "Model A", new TransferCurve([new(100, 0.3), new(200, 0.6)], null), new([], null));
        TransferFigure.Save(
            rich, "Model A", new TransferCurve(points, null) { Converged = [new(100, 0.9)] }, new([], null));
        using var without = new Picture(plain);
        using var with = new Picture(rich);
        Assert.True(with.Height > without.Height, "a line that says what they are");
        Assert.True(with.Count(with.All, Palette.First) > without.Count(without.All, Palette.First) + 100);
        with.AssertEdgesAreClear();
    }

    [Fact]
    public void Confusion_of_errors_does_not_show_the_diagonal_and_scales_colours_to_the_rest()
    {
        int[,] counts = Diagonal(900);
        counts[0, 6] = 100;
        counts[6, 0] = 50;
        string path = folder.File("errors.png");
        ConfusionFigure.SaveErrors(path, "Model A", counts, Names, [(0, 6)]);
        using var picture = new Picture(path);
        SKRect Cell(int i, int j) => ConfusionCell(counts, i, j, blank: true);
        // Nothing darker than the hatching: no count, no colour of the map.
        for (int i = 0; i < 10; i++)
            Assert.All(picture.Pixels(Inside(Cell(i, i))), pixel => Assert.True(pixel.Red >= Palette.Rule.Red));
        Assert.True(picture.Count(Cell(0, 6), BluesColorMap.At(1)) > 8_000);
        Assert.True(picture.Count(Cell(0, 6), Palette.Second) > 1_500);
        Assert.True(picture.Count(Cell(6, 0), Palette.Second) > 1_500);
        Assert.Equal(0, picture.Count(Cell(0, 5), Palette.Second));
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Confusion_of_nothing_or_of_equal_counts_is_drawn()
    {
        string path = folder.File("confusion.png");
        ConfusionFigure.Save(path, "Model A", new int[10, 10], Names);
        ConfusionFigure.SaveErrors(path, "Model A", new int[10, 10], Names, []);
        ConfusionFigure.SaveErrors(path, "Model A", Diagonal(1000), Names, [(0, 1), (2, 3), (4, 5)]);
        ConfusionFigure.Save(path, "Model A", new int[1, 1] { { 7 } }, ["only"]);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Confusion_refuses_a_matrix_that_does_not_fit_its_names()
    {
        string path = folder.File("confusion.png");
        var error = Assert.Throws<ArgumentException>(() => ConfusionFigure.Save(path, "Model A", new int[9, 10], Names));
        Assert.Contains("9 x 10", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(Extreme.LowestLoss)]
    [InlineData(Extreme.HighestLoss)]
    [InlineData(Extreme.LowestProbability)]
    [InlineData(Extreme.HighestProbability)]
    public void Extremes_show_the_image_or_none_and_hatch_the_diagonal(Extreme extreme)
    {
        var cells = new (int, float)?[10, 10];
        cells[1, 4] = (9999, 0.75f);
        cells[4, 4] = (5, 0.5f);
        byte[] ramp = [.. Enumerable.Range(0, 784).Select(i => (byte)(i / 784.0 * 256))];
        string path = folder.File("extremes.png");
        ExtremesFigure.Save(path, "Model A", extreme, cells, _ => ramp, Names);
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Colors(ExtremesCell(cells, 1, 4)) > 200, "an image of 256 greys");
        Assert.True(picture.Dark(ExtremesCell(cells, 1, 4)) > 5_000, "the dark part of that image, and text");
        Assert.True(picture.Count(ExtremesCell(cells, 2, 4), Palette.FaintInk) > 20, "the word none");
        Assert.Equal(0, picture.Dark(ExtremesCell(cells, 2, 4)));
        Assert.Equal(0, picture.Dark(ExtremesCell(cells, 4, 4)));
        Assert.True(picture.Count(Inside(ExtremesCell(cells, 4, 4)), Palette.Rule) > 500, "the hatching");
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Extremes_draw_images_dark_on_white_without_blurring_them()
    {
        var cells = new (int, float)?[10, 10];
        cells[0, 9] = (3, 1.5f);
        byte[] half = [.. Enumerable.Range(0, 784).Select(i => (byte)(i % 28 < 14 ? 255 : 0))];
        string path = folder.File("extremes.png");
        ExtremesFigure.Save(path, "Model A", Extreme.LowestLoss, cells, _ => half, Names);
        using var picture = new Picture(path);
        SKRect cell = ExtremesCell(cells, 0, 9);
        SKRect image = SKRect.Create(cell.Left + 7, cell.Top + 7, 70, 70);
        Assert.Equal(2, picture.Colors(image));
        Assert.Equal(140 * 70, picture.Count(image, SKColors.Black));
        Assert.Equal(140 * 70, picture.Count(image, SKColors.White));
    }

    [Fact]
    public void Extremes_refuse_an_image_of_another_size()
    {
        var cells = new (int, float)?[10, 10];
        cells[0, 1] = (17, 1f);
        var error = Assert.Throws<ArgumentException>(() => ExtremesFigure.Save(
            folder.File("extremes.png"), "Model A", Extreme.LowestLoss, cells, _ => new byte[783], Names));
        Assert.Contains("Image 17 has 783 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(600)]
    public void Transfer_is_drawn_for_any_number_of_points(int count)
    {
        TransferPoint[] good = [.. Enumerable.Range(1, count).Select(i => new TransferPoint(100 * i, 1 - (0.4 / i)))];
        TransferPoint[] poor = [.. good.Select(point => new TransferPoint(point.N, 0.1, 0.05, 0.2))];
        string path = folder.File("transfer.png");
        int? n95 = count >= 8 ? 800 : null;
        TransferFigure.Save(path, "Model B", new TransferCurve(good, n95), new TransferCurve(poor, null), "A note.");
        using var picture = new Picture(path);
        Assert.InRange(picture.Width, 1600, 2400);
        Assert.True(picture.Count(picture.All, Palette.First) > 300);
        Assert.True(picture.Count(picture.All, Palette.Second) > 150);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Transfer_survives_the_ends_of_its_range()
    {
        TransferPoint[] points = [new(1, 0), new(60_000, 1), new(300, double.NaN), new(200, 0.95, 0, 1)];
        string path = folder.File("transfer.png");
        TransferFigure.Save(path, "Model B", new TransferCurve(points, 1), new TransferCurve(points, 60_000));
        using var picture = new Picture(path);
        picture.AssertEdgesAreClear();
    }

    [Fact]
    public void Files_appear_whole_in_folders_made_for_them_and_replace_older_ones()
    {
        string path = folder.File("deep/er/history.png");
        var curves = new HistoryCurves([0.5], [1], [0.5], [1]);
        HistoryFigure.Save(path, "Model A", curves);
        byte[] before = File.ReadAllBytes(path);
        HistoryFigure.Save(path, "Model B", curves);
        Assert.NotEqual(before, File.ReadAllBytes(path));
        HistoryFigure.Save(path, "Model A", curves);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
    }

    private static int[,] Diagonal(int count)
    {
        var counts = new int[10, 10];
        for (int i = 0; i < 10; i++)
            counts[i, i] = count;
        return counts;
    }

    private static SKRect ConfusionCell(int[,] counts, int i, int j, bool blank) =>
        new ConfusionGrid(counts, Names, blank).CellAt(Figure.HeaderHeight("note"), i, j);

    private static SKRect ExtremesCell((int, float)?[,] cells, int i, int j)
    {
        var grid = new ExtremesGrid(cells, _ => default, Names) { Format = _ => "" };
        return grid.CellAt(Figure.HeaderHeight("note"), i, j);
    }

    // Without the lines between cells.
    private static SKRect Inside(SKRect cell)
    {
        cell.Inflate(-3, -3);
        return cell;
    }
}
