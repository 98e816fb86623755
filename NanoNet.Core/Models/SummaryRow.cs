using NanoNet.Core.Tensors;

namespace NanoNet.Core.Models;

/// <summary>One layer's line in a summary.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="TypeName">Its type as Keras calls it.</param>
/// <param name="OutputShape">The shape of one example that goes out.</param>
/// <param name="Parameters">How many numbers its parameters hold.</param>
public sealed record SummaryRow(string Name, string TypeName, Shape OutputShape, long Parameters)
{
    /// <summary>The first column: the name and the type.</summary>
    internal string Layer => $"{Name} ({TypeName})";

    /// <summary>The second: the shape of a batch, whose size is open.</summary>
    internal string Output => $"(None{string.Concat(OutputShape.Sizes.ToArray().Select(size => $", {size}"))})";
}
