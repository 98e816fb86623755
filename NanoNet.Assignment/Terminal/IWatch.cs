namespace NanoNet.Assignment.Terminal;

/// <summary>Told how far a piece of work is.</summary>
internal interface IWatch
{
    /// <summary>Where the work stands now; shown for a moment, and only where there is someone to see it.</summary>
    /// <param name="share">How much is done, 0 to 1.</param>
    /// <param name="status">The time left, and the figures of the moment.</param>
    void Report(double share, string status);

    /// <summary>Something that stays on the screen.</summary>
    void Milestone(string line);
}
