using NanoNet.Core.Initializers;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Layers;

/// <summary>A tensor that training changes, with its name within the layer ("kernel", "bias") and how it began.</summary>
/// <param name="Name">Its name within the layer.</param>
/// <param name="Value">Its values; owned by the layer.</param>
/// <param name="Initializer">How its first values are made.</param>
public sealed record Parameter(string Name, Tensor Value, Initializer Initializer);
