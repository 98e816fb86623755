using NanoNet.Core.Tensors;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>
/// A row of the table of operations: one operation at one shape. The row alone drives the forward test and the gradient test on
/// every engine.
/// </summary>
internal sealed record OpCase
{
    /// <summary>Operation and shapes.</summary>
    public required string Name { get; init; }

    /// <summary>The operands, exact as float32, away from kinks and ties.</summary>
    public required NdArray[] Inputs { get; init; }

    /// <summary>The operation under test.</summary>
    public required Func<Tensor[], Tensor> Run { get; init; }

    /// <summary>The same by definition. Its central differences are the gradient.</summary>
    public required Func<NdArray[], NdArray> Reference { get; init; }

    /// <summary>The longest sum behind an element of the result.</summary>
    public double Terms { get; init; }

    /// <summary>Roundings on the way besides those of the sum; what the way back adds is counted too.</summary>
    public double Roundings { get; init; } = 2;

    /// <summary>How much larger than the result the terms are that an algorithm adds: <see cref="Tolerance.Winograd"/>.</summary>
    public double Amplification { get; init; } = 1;

    /// <summary>The size of a result's element where its terms may cancel.</summary>
    public double Size { get; init; }

    /// <summary>
    /// How far each element of the result is from a kink, or null when inputs are known to be far from any. The gradient check lets
    /// nothing through elements that are near.
    /// </summary>
    public Func<NdArray[], NdArray>? Kink { get; init; }

    /// <summary>About how many multiply-adds the operation takes.</summary>
    public long Cost { get; init; } = 1000;

    /// <summary>The gradient by central differences; worked out once and shared by all engines.</summary>
    public Lazy<ReferenceGradient> Gradient => _gradient ??= new(() => ReferenceGradient.Of(this));

    private Lazy<ReferenceGradient>? _gradient;

    public override string ToString() => Name;
}
