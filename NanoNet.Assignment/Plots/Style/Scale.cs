namespace NanoNet.Assignment.Plots.Style;

/// <summary>An axis from <paramref name="Low"/> to <paramref name="High"/> with ticks at round values.</summary>
internal readonly record struct Scale(double Low, double High, double Step)
{
    /// <summary>The least scale of round ends that holds all finite values, within the given bounds.</summary>
    public static Scale Around(IEnumerable<double> values, double floor, double ceiling, int steps = 6)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = Math.Clamp(finite.Length == 0 ? 0 : finite.Min(), floor, ceiling);
        double high = Math.Clamp(finite.Length == 0 ? 1 : finite.Max(), low, ceiling);
        if (high - low < 1e-9)
            (low, high) = (Math.Max(floor, low - 0.05), Math.Min(ceiling, high + 0.05));
        double step = RoundStep((high - low) / steps);
        return new Scale(
            Math.Max(floor, Math.Floor(low / step) * step), Math.Min(ceiling, Math.Ceiling(high / step) * step), step);
    }

    /// <summary>The tick values, both ends included where they are multiples of the step.</summary>
    public IEnumerable<double> Ticks()
    {
        double slack = Step * 1e-6;
        for (double index = Math.Ceiling((Low - slack) / Step); index * Step <= High + slack; index++)
        {
            // Adding 0 turns -0 into 0.
            yield return (index * Step) + 0.0;
        }
    }

    /// <summary>The least of 1, 2 or 5 times a power of ten that is not under <paramref name="least"/>.</summary>
    public static double RoundStep(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (double factor in (ReadOnlySpan<double>)[1, 2, 5])
        {
            if (factor * power >= least * (1 - 1e-9))
                return factor * power;
        }
        return 10 * power;
    }
}
