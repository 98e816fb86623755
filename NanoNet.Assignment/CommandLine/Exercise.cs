namespace NanoNet.Assignment.CommandLine;

/// <summary>The exercises that a command does.</summary>
[Flags]
internal enum Exercise
{
    None = 0,
    Training = 1,
    Confusion = 2,
    Extremes = 4,
    Transfer = 8,
    All = Training | Confusion | Extremes | Transfer,
}
