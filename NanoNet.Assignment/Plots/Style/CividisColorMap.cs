using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>
/// Cividis (Nuñez, Anderton, Renslow, 2018) for values of both signs: from dark blue over grey to light yellow, ever
/// lighter, so that it reads the same in grey and to the colour-blind.
/// </summary>
internal static class CividisColorMap
{
    private static readonly SKColor[] Anchors =
    [
        new(0, 32, 76),
        new(0, 48, 111),
        new(49, 68, 107),
        new(79, 87, 108),
        new(102, 105, 112),
        new(124, 123, 120),
        new(148, 142, 119),
        new(174, 163, 113),
        new(200, 184, 102),
        new(228, 207, 91),
        new(255, 233, 69),
    ];

    /// <summary>The colour of a value between −1 and 1; others take the nearest end.</summary>
    public static SKColor At(double value)
    {
        double position = (Math.Clamp(double.IsFinite(value) ? value : 0, -1, 1) + 1) / 2 * (Anchors.Length - 1);
        int left = Math.Min((int)position, Anchors.Length - 2);
        double share = position - left;
        SKColor from = Anchors[left];
        SKColor to = Anchors[left + 1];
        return new SKColor(
            Between(from.Red, to.Red, share), Between(from.Green, to.Green, share), Between(from.Blue, to.Blue, share));
    }

    private static byte Between(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));
}
