using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>
/// The colours of all pictures. <see cref="First"/> and <see cref="Second"/> stay apart for the colour-blind (blue and
/// orange) and in grey (dark and middle); markers and dashes tell them apart a second time.
/// </summary>
internal static class Palette
{
    public static readonly SKColor Paper = SKColors.White;

    /// <summary>Text.</summary>
    public static readonly SKColor Ink = new(0x1F, 0x29, 0x33);

    /// <summary>Captions and other text of second rank.</summary>
    public static readonly SKColor SoftInk = new(0x5B, 0x65, 0x70);

    /// <summary>Marks that say "nothing here".</summary>
    public static readonly SKColor FaintInk = new(0x9A, 0xA3, 0xAD);

    /// <summary>Frames and grid lines.</summary>
    public static readonly SKColor Rule = new(0xDD, 0xE1, 0xE6);

    /// <summary>The first series of a chart.</summary>
    public static readonly SKColor First = new(0x08, 0x45, 0x8F);

    /// <summary>The second series, and what is outlined.</summary>
    public static readonly SKColor Second = new(0xE0, 0x6C, 0x00);
}
