using System.Globalization;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>Compares results with the reference.</summary>
internal static class Check
{
    private const int PlacesShown = 4;

    /// <summary>Fails unless the results are within a tolerance of the expected ones.</summary>
    /// <param name="what">Operation, shape and engine: the first words of a failure's message.</param>
    /// <param name="expected">The exact values.</param>
    /// <param name="actual">What an engine made of it.</param>
    /// <param name="tolerance">How far they may be apart.</param>
    /// <param name="sizes">
    /// The size of what was added up for each element, where that may be larger than the element because of cancellation.
    /// </param>
    public static void Close(string what, NdArray expected, ReadOnlySpan<float> actual, Tolerance tolerance, double[]? sizes = null)
    {
        if (actual.Length != expected.Count)
        {
            throw new CheckFailedException($"{what}: expected {expected.Count} elements, got {actual.Length}.");
        }

        double[] errors = new double[actual.Length];
        double squaredError = 0, squaredSize = 0, largestSize = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            double size = Math.Max(Math.Abs(expected[i]), sizes?[i] ?? 0);
            errors[i] = ErrorOf(expected[i], actual[i]);
            squaredError += errors[i] * errors[i];
            squaredSize += size * size;
            largestSize = Math.Max(largestSize, size);
        }

        double allowedNorm = tolerance.Norm * Math.Sqrt(squaredSize);
        double allowedMax = tolerance.Max * largestSize;
        bool isClose = Math.Sqrt(squaredError) <= allowedNorm && errors.Max() <= allowedMax;
        if (!isClose)
        {
            throw new CheckFailedException(Describe(what, expected, actual, errors, allowedNorm, allowedMax));
        }
    }

    /// <summary>Fails unless two results agree in every bit.</summary>
    public static void SameBits<T>(string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual) where T : unmanaged
    {
        for (int i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            if (i >= expected.Length || i >= actual.Length || !EqualityComparer<T>.Default.Equals(expected[i], actual[i]))
            {
                string left = i < expected.Length ? $"{expected[i]}" : "nothing";
                string right = i < actual.Length ? $"{actual[i]}" : "nothing";
                throw new CheckFailedException($"{what}: first difference at {i}: {left} and {right}.");
            }
        }
    }

    /// <summary>‖actual − expected‖ / ‖expected‖.</summary>
    public static double RelativeNorm(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        double error = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = actual[i] - expected[i];
            error += difference * difference;
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(error / size);
    }

    // What is not a number is infinitely wrong.
    private static double ErrorOf(double expected, float actual)
    {
        double error = Math.Abs(actual - expected);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static string Describe(
        string what, NdArray expected, ReadOnlySpan<float> actual, double[] errors, double allowedNorm, double allowedMax)
    {
        double norm = Math.Sqrt(errors.Sum(error => error * error));
        var culture = CultureInfo.InvariantCulture;
        string text = string.Create(culture, $"{what}: ‖error‖ {norm:G3}, allowed {allowedNorm:G3}; ")
            + string.Create(culture, $"largest error {errors.Max():G3}, allowed {allowedMax:G3}. ");

        // The first places beyond the bound; where only the norm is, the worst places.
        int[] bad = [.. Enumerable.Range(0, errors.Length).Where(i => !(errors[i] <= allowedMax)).Take(PlacesShown)];
        int count = errors.Count(error => !(error <= allowedMax));
        int[] shown = bad.Length > 0 ? bad : [.. Enumerable.Range(0, errors.Length).OrderByDescending(i => errors[i]).Take(PlacesShown)];
        var lines = new List<string> { text + (bad.Length > 0 ? $"{count} of {errors.Length} bad; the first:" : "The worst:") };
        foreach (int i in shown)
        {
            string place = string.Join(", ", expected.IndexOf(i));
            lines.Add(string.Create(culture, $"  [{place}] expected {expected[i]:G9}, got {actual[i]:G9}"));
        }

        return string.Join(Environment.NewLine, lines);
    }
}
