using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels;

/// <summary>One parameter of an optimizer's step, and what it follows.</summary>
/// <param name="Parameter">What changes.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="Velocity">Its velocity, which changes too; null without momentum.</param>
/// <param name="Count">How many elements each of them has.</param>
public readonly record struct ParameterUpdate(
    DeviceBuffer Parameter, DeviceBuffer Gradient, DeviceBuffer? Velocity, int Count);
