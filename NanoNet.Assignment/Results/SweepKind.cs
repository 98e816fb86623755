namespace NanoNet.Assignment.Results;

/// <summary>Which n a sweep visited.</summary>
internal enum SweepKind
{
    /// <summary>It was interrupted, or has not begun.</summary>
    Unfinished,

    /// <summary>Every step up to the answer, or to the end of the range without one.</summary>
    EveryStep,

    /// <summary>Doublings and straight lines between them to the crossing, and the steps around it.</summary>
    Bracketed,

    /// <summary>A few given ones.</summary>
    Listed,
}
