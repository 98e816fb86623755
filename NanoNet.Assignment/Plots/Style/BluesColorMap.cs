using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>ColorBrewer's Blues, as matplotlib has it: nine anchors, straight lines between them.</summary>
internal static class BluesColorMap
{
    private static readonly SKColor[] Anchors =
    [
        new(247, 251, 255),
        new(222, 235, 247),
        new(198, 219, 239),
        new(158, 202, 225),
        new(107, 174, 214),
        new(66, 146, 198),
        new(33, 113, 181),
        new(8, 81, 156),
        new(8, 48, 107),
    ];

    // scikit-learn writes in the map's two ends and changes over half-way, where light text has a contrast of 2.3 to 1.
    // A darker blue and white, changing where the eye finds both alike, never fall below 3.6.
    private const double TextChange = 0.65;
    private static readonly SKColor DarkText = new(4, 22, 54);

    /// <summary>A legible text colour on a fraction's colour: dark on light fractions, white on dark ones.</summary>
    public static SKColor TextAt(double fraction) => fraction < TextChange ? DarkText : SKColors.White;

    /// <summary>The colour of a fraction; fractions outside 0 to 1 take the nearest end.</summary>
    public static SKColor At(double fraction)
    {
        double position = Math.Clamp(fraction, 0, 1) * (Anchors.Length - 1);
        int left = Math.Min((int)position, Anchors.Length - 2);
        double share = position - left;
        SKColor from = Anchors[left];
        SKColor to = Anchors[left + 1];
        return new SKColor(
            Between(from.Red, to.Red, share),
            Between(from.Green, to.Green, share),
            Between(from.Blue, to.Blue, share));
    }

    private static byte Between(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));
}
