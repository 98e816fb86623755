using System.Diagnostics;

namespace NanoNet.Benchmarks;

/// <summary>What work that repeats a step costs: each time, and once for all of them.</summary>
/// <param name="Each">Seconds of a step.</param>
/// <param name="Once">Seconds that do not depend on how many steps there are: recording, allocating, capturing.</param>
public readonly record struct RepeatedCost(double Each, double Once)
{
    /// <summary>The fewest steps with all that is paid once: the first is recorded, the second captured as a graph.</summary>
    public const int Fewest = 2;

    private const int Rounds = 5;
    private const double SecondsPerRound = 0.6;
    private const double SecondsOfRounds = 5;

    /// <summary>The slope between few steps and many, of each the best of some rounds, since noise only ever adds.</summary>
    /// <param name="prepare">Makes work of about so many steps ready, and says how many they are.</param>
    /// <param name="most">The most steps to ask for.</param>
    public static RepeatedCost Measure(Func<int, (Action Work, int Steps)> prepare, int most)
    {
        var (few, fewSteps) = prepare(Fewest);
        few();
        var (many, manySteps) = prepare(StepsOfARound(prepare, most));
        double fewSeconds = double.MaxValue, manySeconds = double.MaxValue;
        var watch = Stopwatch.StartNew();
        for (int round = 0; round < Rounds; round++)
        {
            if (round >= 2 && watch.Elapsed.TotalSeconds > SecondsOfRounds)
            {
                break;
            }

            manySeconds = Math.Min(manySeconds, Seconds(many));
            fewSeconds = Math.Min(fewSeconds, Seconds(few));
        }

        double each = (manySeconds - fewSeconds) / (manySteps - fewSteps);
        return new(each, Math.Max(0, fewSeconds - fewSteps * each));
    }

    // Longer and longer, so that neither what is paid once nor a compiler that is still at work passes for slow steps.
    private static int StepsOfARound(Func<int, (Action Work, int Steps)> prepare, int most)
    {
        for (int steps = 2 * Fewest; ; steps *= 2)
        {
            var (work, actual) = prepare(steps);
            double missing = SecondsPerRound / Seconds(work);
            if (missing < 4 || steps >= most)
            {
                return Math.Min(most, (int)(actual * Math.Max(1, missing)));
            }
        }
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }
}
