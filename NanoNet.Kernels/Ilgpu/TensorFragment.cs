namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// What a lane reads of an operand at once: two neighbouring rows (or columns) at two neighbouring depths, in TF32.
/// </summary>
/// <param name="Big">The numbers, rounded to TF32.</param>
/// <param name="Small">What the rounding took away, where it is kept.</param>
internal readonly record struct TensorFragment(Float4 Big, Float4 Small);
