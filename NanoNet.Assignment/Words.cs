using System.Globalization;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Words
{
    /// <summary>12,345.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 epoch, 20 epochs.</summary>
    public static string Number(long number, string thing) => $"{Count(number)} {thing}{(number == 1 ? "" : "s")}";

    /// <summary>88.23 %. A share short of the whole is never rounded up to it: over 99.99 %.</summary>
    public static string Percent(double share, int decimals = 2)
    {
        if (!double.IsFinite(share))
        {
            return "not a number";
        }

        double rounded = Math.Round(100 * share, decimals);
        bool isWhole = share < 1 && rounded >= 100;
        double shown = isWhole ? 100 - Math.Pow(10, -decimals) : 100 * share;
        return (isWhole ? "over " : "") + shown.ToString("F" + decimals, CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>0.4713; small ones as Keras shows them, 5.0000e-04.</summary>
    public static string Loss(double loss) => !double.IsFinite(loss)
        ? "not a number"
        : loss.ToString(Math.Abs(loss) > 1e-3 || loss == 0 ? "F4" : "0.0000e+00", CultureInfo.InvariantCulture);

    /// <summary>0.03 s, 0.8 s, 42 s, 3 min 05 s, 1 h 12 min.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0.095 } => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 9.95 } => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 99.5 } => time.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture) + " s",
        { TotalMinutes: < 60 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };

    /// <summary>a; a and b; a, b and c.</summary>
    public static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "none",
        1 => items[0],
        _ => $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}",
    };

    /// <summary>pretrained; from scratch.</summary>
    public static string Of(WeightsStart start) => start == WeightsStart.Pretrained ? "pretrained" : "from scratch";

    /// <summary>First letter in upper case.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
