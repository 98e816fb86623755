using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>The font of every picture, embedded in the program: a machine without fonts draws the same.</summary>
internal static class Typefaces
{
    /// <summary>The family's name, by which ScottPlot asks for it.</summary>
    public const string Family = "Inter";

    /// <summary>For most text.</summary>
    public static SKTypeface Regular { get; } = Load("Inter-Regular.otf");

    /// <summary>For titles and figures that matter.</summary>
    public static SKTypeface SemiBold { get; } = Load("Inter-SemiBold.otf");

    private static SKTypeface Load(string resource)
    {
        using Stream stream = typeof(Typefaces).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The font {resource} is not embedded in the program.");
        return SKTypeface.FromStream(stream)
            ?? throw new InvalidOperationException($"The embedded font {resource} cannot be read.");
    }
}
