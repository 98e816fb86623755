namespace NanoNet.Assignment.CommandLine;

/// <summary>What the commands run; each returns the exit code.</summary>
/// <param name="Run">Some exercises.</param>
/// <param name="Summary">The models' tables; with the flag, the classic ones.</param>
/// <param name="Devices">The list of devices.</param>
internal sealed record CommandActions(
    Func<RunOptions, Exercise, int> Run, Func<IReadOnlyList<ModelKind>, bool, int> Summary, Func<int> Devices);
