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
        if (!double.IsFinite(share))
            return "not finite";
        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        string text = (100 * share).ToString(format, CultureInfo.InvariantCulture);
        string whole = 100.0.ToString(format, CultureInfo.InvariantCulture);
        if (text == whole && share < 1)
            return $"> {(100 - Math.Pow(10, -decimals)).ToString(format, CultureInfo.InvariantCulture)} %";
        return $"{text} %";
    }

    /// <summary>A loss, to three decimals; one that has run away, in few digits.</summary>
    public static string Loss(double loss)
    {
        if (!double.IsFinite(loss))
            return "not finite";
        return loss.ToString(Math.Abs(loss) < 1000 ? "F3" : "0.0E+0", CultureInfo.InvariantCulture);
    }

    /// <summary>A tick's value, with as many decimals as ticks so far apart need.</summary>
    public static string Tick(double value, double step)
    {
        if (Math.Abs(value) >= 1e6)
            return value.ToString("0.0E+0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 9);
        return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
