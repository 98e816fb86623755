namespace NanoNet.Assignment.Resume;

/// <summary>How far a piece of work is, and all that its figures depend on.</summary>
internal abstract record WorkState
{
    /// <summary>What the figures depend on, under the names by which the user knows it.</summary>
    public required Dictionary<string, string> Settings { get; init; }

    /// <summary>
    /// By which <see cref="Resume.Arithmetic"/> they were computed; null where a version wrote it that knew of none.
    /// </summary>
    public string? Arithmetic { get; init; }

    /// <summary>Whether it is a taste, which nobody minds to lose.</summary>
    public bool Quick { get; init; }
}
