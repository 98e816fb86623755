using System.Globalization;
using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>One image on its way through the layers: of each, the maps that it excites most.</summary>
public static class FeatureMapsFigure
{
    private const int MapsOfALayer = 12;
    private const float Tile = 70;
    private const float CellWidth = Tile + 9;
    private const float RowHeight = Tile + 34;
    private const float NameRoom = 150;

    /// <summary>Draws the maps and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model B".</param>
    /// <param name="image">The 28 x 28 bytes of the image, row by row, 0 for background.</param>
    /// <param name="index">Its place in the test set.</param>
    /// <param name="verdict">What it is and what the model says, in a sentence.</param>
    /// <param name="layers">What each layer makes of it, in order.</param>
    public static void Save(
        string path,
        string model,
        ReadOnlySpan<byte> image,
        int index,
        string verdict,
        IReadOnlyList<FeatureMaps> layers)
    {
        string note = $"{verdict} Each map has a scale of its own: white is 0, dark its greatest value. "
            + $"The {MapsOfALayer} strongest of each layer, by their numbers.";
        float top = Figure.HeaderHeight(note);
        float left = Figure.Margin + NameRoom;
        using var figure = new Figure(
            left + (MapsOfALayer * CellWidth) + Figure.Margin, top + ((layers.Count + 1) * RowHeight) + 10);
        figure.Header($"{model}: what the layers see in test image {index}", note);
        Name(figure, top, "The image", "28 x 28");
        SKRect place = SKRect.Create(left, top, Tile, Tile);
        ImageTile.Draw(figure, place, image, index);
        Border(figure, place);
        for (int row = 0; row < layers.Count; row++)
            DrawLayer(figure, top + ((row + 1) * RowHeight), left, layers[row]);
        figure.Save(path);
    }

    private static void DrawLayer(Figure figure, float top, float left, FeatureMaps layer)
    {
        int area = layer.Side * layer.Side;
        int channels = layer.Values.Length / area;
        Name(figure, top, layer.Layer, $"{layer.Side} x {layer.Side}, {channels} maps");
        int[] strongest =
        [
            .. Enumerable.Range(0, channels)
                .OrderByDescending(channel => Map(layer, channel).Sum(value => (double)value))
                .Take(MapsOfALayer).Order(),
        ];
        for (int i = 0; i < strongest.Length; i++)
        {
            float[] map = Map(layer, strongest[i]);
            float most = map.Max();
            SKRect place = SKRect.Create(left + (i * CellWidth), top, Tile, Tile);
            ImageTile.Draw(
                figure, place, map, layer.Side, value => most > 0 ? BluesColorMap.At(value / most) : Palette.Paper);
            Border(figure, place);
            string label = strongest[i].ToString(CultureInfo.InvariantCulture);
            figure.Text(label, place.MidX, place.Bottom + 11, TextStyle.Small, SKTextAlign.Center);
        }
    }

    private static float[] Map(FeatureMaps layer, int channel)
    {
        int area = layer.Side * layer.Side;
        int channels = layer.Values.Length / area;
        return [.. Enumerable.Range(0, area).Select(i => layer.Values[(i * channels) + channel])];
    }

    private static void Name(Figure figure, float top, string name, string size)
    {
        figure.Text(name, Figure.Margin, top + (Tile / 2) - 9, TextStyle.Value);
        figure.Text(size, Figure.Margin, top + (Tile / 2) + 10, TextStyle.Subtitle);
    }

    private static void Border(Figure figure, SKRect place)
    {
        place.Inflate(1, 1);
        figure.Frame(place, Palette.Rule, 1);
    }
}
