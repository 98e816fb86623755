namespace NanoNet.Assignment.Plots;

/// <summary>Two classes and the mistakes between them to show.</summary>
/// <param name="I">The lower class.</param>
/// <param name="J">The higher class.</param>
/// <param name="Count">How many mistakes there are between them, both ways.</param>
/// <param name="Mistakes">Those to show, the most confident first.</param>
public sealed record PairStrip(int I, int J, int Count, IReadOnlyList<ConfidentMistake> Mistakes);
