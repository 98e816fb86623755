using NanoNet.Core.Tensors;

namespace NanoNet.Core.Errors;

/// <summary>Shapes that do not fit an operation. The message names the operation, what it expected and what it got.</summary>
public sealed class ShapeException : ArgumentException
{
    private ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>An operand has the wrong shape.</summary>
    /// <param name="operation">Operation or layer.</param>
    /// <param name="expected">What fits, in words, with sizes.</param>
    /// <param name="received">What came, in words, with sizes.</param>
    /// <param name="cure">What to do, or null.</param>
    public static ShapeException Create(string operation, string expected, string received, string? cure = null) =>
        new($"{operation}: expected {expected}, got {received}.{(cure is null ? "" : " " + cure)}");

    /// <summary>Two operands that cannot be broadcast together.</summary>
    public static ShapeException NotBroadcastable(string operation, Shape a, Shape b) =>
        Create(operation, "shapes that broadcast (aligned at the right, sizes equal or 1)", $"{a} and {b}");

    internal static void ThrowIfCountDiffers(string operation, Shape shape, int count)
    {
        if (shape.Count != count)
        {
            throw Create(operation, $"{shape.Count:N0} values for shape {shape}", $"{count:N0}");
        }
    }

    internal static void ThrowIfRankDiffers(string operation, string operand, string axes, Shape shape, int rank)
    {
        if (shape.Rank != rank)
        {
            throw Create(operation, $"{operand} of rank {rank} ({axes})", $"shape {shape}");
        }
    }
}
