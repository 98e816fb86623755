using System.Globalization;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>How numbers are written in pictures, in every culture alike.</summary>
internal static class Numbers
{
    /// <summary>12345 as 12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>0.8824 as 88.2 %. A share short of the whole is never rounded up to it.</summary>
    public static string Percent(double share, int decimals = 1)
    {
        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        string text = (100 * share).ToString(format, CultureInfo.InvariantCulture);
        string whole = 100.0.ToString(format, CultureInfo.InvariantCulture);
        if (text == whole && share < 1)
            return $"> {(100 - Math.Pow(10, -decimals)).ToString(format, CultureInfo.InvariantCulture)} %";
        return $"{text} %";
    }

    /// <summary>A loss, to three decimals.</summary>
    public static string Loss(double loss) => loss.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A tick's value without needless zeros.</summary>
    public static string Tick(double value) => Math.Round(value, 9).ToString("G9", CultureInfo.InvariantCulture);
}
