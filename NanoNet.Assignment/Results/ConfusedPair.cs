namespace NanoNet.Assignment.Results;

/// <summary>Two classes and how often one was mistaken for the other.</summary>
/// <param name="I">The lower class.</param>
/// <param name="J">The higher class.</param>
/// <param name="Names">Their names.</param>
/// <param name="Score">C[i][j] + C[j][i].</param>
internal sealed record ConfusedPair(int I, int J, string[] Names, int Score);
