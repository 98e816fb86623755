using NanoNet.Core.Randomness;
using NanoNet.Kernels;

namespace NanoNet.Core.Layers;

/// <summary>What a layer is told about the pass it takes part in.</summary>
/// <param name="Training">Whether layers behave as in training: dropout drops.</param>
/// <param name="Clock">Epoch and step.</param>
/// <param name="DropoutKey">The model's key for dropout masks.</param>
public sealed record ForwardContext(bool Training, StepClock Clock, RandomKey DropoutKey);
