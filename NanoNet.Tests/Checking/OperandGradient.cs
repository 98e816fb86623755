using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>What the reference says of the gradient for one operand.</summary>
/// <param name="Places">Flat indices of the elements that were differentiated.</param>
/// <param name="Values">Their gradients.</param>
/// <param name="Sizes">The root of the sum of squares of each gradient's terms: what its rounding errors are relative to.</param>
/// <param name="Terms">The most terms that a gradient sums.</param>
/// <param name="Direction">A random direction through all elements.</param>
/// <param name="Along">The derivative along it.</param>
internal sealed record OperandGradient(int[] Places, double[] Values, double[] Sizes, int Terms, NdArray Direction, double Along);
