using System.Globalization;
using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>The filters of a first convolution, as it learnt them.</summary>
public static class FiltersFigure
{
    private const int Columns = 8;
    private const float CellGap = 12;
    private const float LabelHeight = 16;
    private const float ColorBarWidth = 22;
    private const float ColorBarRoom = 120;

    // The whole multiple of a filter's weights that comes next to this.
    private const float Tile = 80;

    /// <summary>Draws the filters and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model B".</param>
    /// <param name="weights">[side, side, 1, count] as Keras lays them out: the filter's number runs fastest.</param>
    /// <param name="side">Height and width of a filter.</param>
    /// <exception cref="ArgumentException">The weights are not a whole number of such filters.</exception>
    public static void Save(string path, string model, ReadOnlySpan<float> weights, int side)
    {
        int area = side * side;
        if (weights.IsEmpty || weights.Length % area != 0)
            throw new ArgumentException($"{weights.Length} weights are no whole number of {side} x {side} filters.");
        int count = weights.Length / area;
        int rows = (count + Columns - 1) / Columns;
        float tile = MathF.Round(Tile * Figure.PixelsPerUnit / side) * side / Figure.PixelsPerUnit;
        float most = EndOfScale(weights);

        const string Note = "Light weights look for ink, dark ones for its absence; mid-grey is 0. "
            + "One scale for all, which one weight in fifty exceeds.";
        float top = Figure.HeaderHeight(Note);
        float height = rows * (tile + LabelHeight + CellGap);
        using var figure = new Figure(
            (2 * Figure.Margin) + (Columns * (tile + CellGap)) + ColorBarRoom, top + height + Figure.Margin);
        figure.Header($"{model}: the {count} filters of the first layer, {side} x {side}", Note);
        float[] filter = new float[area];
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < area; i++)
                filter[i] = weights[(i * count) + k];
            float left = Figure.Margin + (k % Columns * (tile + CellGap));
            SKRect place = SKRect.Create(left, top + (k / Columns * (tile + LabelHeight + CellGap)), tile, tile);
            ImageTile.Draw(figure, place, filter, side, weight => CividisColorMap.At(most == 0 ? 0 : weight / most));
            string label = k.ToString(CultureInfo.InvariantCulture);
            figure.Text(label, place.MidX, place.Bottom + 10, TextStyle.Small, SKTextAlign.Center);
        }
        float bar = figure.Width - Figure.Margin - ColorBarRoom + 30;
        DrawColorBar(figure, bar, top, height - LabelHeight - CellGap, most);
        figure.Save(path);
    }

    /// <summary>A few strong weights would leave all others grey: the scale ends where 98 in 100 are within.</summary>
    private static float EndOfScale(ReadOnlySpan<float> weights)
    {
        float[] sizes = new float[weights.Length];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = float.IsFinite(weights[i]) ? Math.Abs(weights[i]) : 0;
        Array.Sort(sizes);
        float most = sizes[(int)(0.98 * (sizes.Length - 1))];
        return most > 0 ? most : sizes[^1];
    }

    private static void DrawColorBar(Figure figure, float left, float top, float height, float most)
    {
        const float Stripe = 1f / Figure.PixelsPerUnit;
        for (float y = 0; y < height; y += Stripe)
            figure.Fill(SKRect.Create(left, top + y, ColorBarWidth, Stripe), CividisColorMap.At(1 - (2 * y / height)));
        figure.Frame(SKRect.Create(left, top, ColorBarWidth, height), Palette.SoftInk, 1);
        Scale scale = Scale.Around([-most, most], -most, most, steps: 8);
        foreach (double value in most == 0 ? [0.0] : scale.Ticks())
        {
            float y = top + (height * (float)(most == 0 ? 0.5 : (most - value) / (2 * most)));
            figure.Line(left + ColorBarWidth, y, left + ColorBarWidth + 5, y, Palette.SoftInk, 1);
            figure.Text(Numbers.Tick(value, most == 0 ? 1 : scale.Step), left + ColorBarWidth + 9, y, TextStyle.Label);
        }
    }
}
