using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Decides which n = step, 2 · step, … of a curve are visited to find <see cref="N95"/>. A point is asked for once and
/// does not depend on the others, so neither does the answer on the order.
/// </summary>
/// <param name="step">The distance of neighbouring n.</param>
/// <param name="largestN">The largest n allowed, at least one step.</param>
/// <param name="accuracyOf">Measures the accuracy with n images.</param>
internal sealed class Sweep(int step, int largestN, Func<int, double> accuracyOf)
{
    /// <summary>The accuracy that is asked for.</summary>
    public const double Goal = 0.95;

    /// <summary>So many steps in a row must reach the goal: one alone may be luck.</summary>
    public const int InARow = 3;

    /// <summary>So many steps in a row that miss the goal, just below, are taken for the end of what reaches it.</summary>
    private const int MissesBelow = 2;

    private readonly SortedDictionary<int, double> _points = [];

    /// <summary>The largest n allowed.</summary>
    public int LargestN => largestN;

    private int Steps => largestN / step;

    /// <summary>The points visited so far, by rising n.</summary>
    public IReadOnlyDictionary<int, double> Points => _points;

    /// <summary>
    /// The n that are still to be visited, the one under way among them, for an estimate of the time left. Those that
    /// only a result makes necessary come as surprises.
    /// </summary>
    public IReadOnlyList<int> Ahead { get; private set; } = [];

    /// <summary>
    /// The smallest n from which three consecutive steps n, n + step, n + 2 · step reach the goal; null if none was
    /// seen.
    /// </summary>
    public int? N95 => FindN95(_points, step);

    /// <summary>
    /// The smallest n from which three consecutive steps n, n + step, n + 2 · step reach the goal; null if none do.
    /// </summary>
    public static int? FindN95(IReadOnlyDictionary<int, double> points, int step)
    {
        bool Reaches(int n) => points.TryGetValue(n, out double accuracy) && accuracy >= Goal;
        foreach (int n in points.Keys.Order())
        {
            if (Enumerable.Range(0, InARow).All(i => Reaches(n + i * step)))
            {
                return n;
            }
        }

        return null;
    }

    /// <summary>Visits some given n only.</summary>
    public SweepKind Visit(IEnumerable<int> sizes)
    {
        Ahead = [.. sizes.Where(n => n <= largestN)];
        foreach (int n in Ahead)
        {
            Measure(n);
        }

        return SweepKind.Listed;
    }

    /// <summary>Visits every step from the first until three in a row reach the goal.</summary>
    public SweepKind VisitEveryStep()
    {
        Ahead = [.. Sizes(1, Steps)];
        int inARow = 0;
        for (int k = 1; k <= Steps && inARow < InARow; k++)
        {
            inARow = Reaches(k) ? inARow + 1 : 0;
        }

        return SweepKind.EveryStep;
    }

    /// <summary>
    /// Brackets the crossing by doubling n, narrows that down to one step, then visits the steps around it.
    /// </summary>
    public SweepKind Search()
    {
        if (Bracket() is { } k)
        {
            VisitAround(k);
        }

        return SweepKind.Bracketed;
    }

    /// <summary>
    /// The first step found to reach the goal whose predecessor does not; null if even the last one does not.
    /// </summary>
    private int? Bracket()
    {
        int low = 0;
        int high = 1;
        Ahead = [.. Sizes(1, Steps - 1).Where(n => int.IsPow2(n / step)), Steps * step];
        while (!Reaches(high))
        {
            if (high == Steps)
            {
                return null;
            }

            low = high;
            high = (int)Math.Min(2L * high, Steps);
        }

        while (high - low > 1)
        {
            int middle = Guess(low, high);
            Ahead = [middle * step, .. HalvingsTo(middle, high)];
            if (Reaches(middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    /// <summary>
    /// A step between two, where a straight line through them, log error against log n, reaches the goal: accuracies
    /// follow one closely, so this is near the crossing, where every step is asked for in the end.
    /// </summary>
    private int Guess(int low, int high)
    {
        if (low == 0)
        {
            return (low + high) / 2;
        }

        double below = LogError(low);
        double share = (below - Math.Log(1 - Goal)) / (below - LogError(high));
        double guess = low * Math.Pow((double)high / low, share);
        return (int)Math.Clamp(Math.Round(guess), low + 1, high - 1);
    }

    // A curve that is perfect, or not a number, has no logarithm to go by.
    private double LogError(int k)
    {
        double error = 1 - _points[k * step];
        return double.IsNaN(error) ? 0 : Math.Log(Math.Max(error, 1e-4));
    }

    /// <summary>About the longest way that narrowing down can still go: always the upper half.</summary>
    private List<int> HalvingsTo(int low, int high)
    {
        var ahead = new List<int>();
        for (; high - low > 1; low = (low + high) / 2)
        {
            ahead.Add((low + high) / 2 * step);
        }

        return ahead;
    }

    /// <summary>
    /// Fills in the steps around a crossing: up to where three in a row reach the goal, and down to where two in a row
    /// miss it, so that no earlier triple hides just below.
    /// </summary>
    private void VisitAround(int crossing)
    {
        int first = Math.Max(1, crossing - MissesBelow);
        int last = Math.Min(Steps, crossing + InARow - 1);
        Ahead = [.. Sizes(first, last)];
        int inARow = 0;
        for (int k = crossing; k <= Steps && inARow < InARow; k++)
        {
            inARow = Reaches(k) ? inARow + 1 : 0;
        }

        inARow = 0;
        for (int k = crossing - 1; k >= 1 && inARow < MissesBelow; k--)
        {
            inARow = Reaches(k) ? 0 : inARow + 1;
        }
    }

    private IEnumerable<int> Sizes(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(k => k * step);

    private bool Reaches(int k) => Measure(k * step) >= Goal;

    private double Measure(int n)
    {
        if (!_points.TryGetValue(n, out double accuracy))
        {
            Ahead = [.. Ahead.Append(n).Distinct().Where(ahead => !_points.ContainsKey(ahead))];
            accuracy = accuracyOf(n);
            _points[n] = accuracy;
        }

        return accuracy;
    }
}
