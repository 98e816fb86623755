namespace NanoNet.Assignment.Plots;

/// <summary>What a layer makes of one image.</summary>
/// <param name="Layer">The layer, in words.</param>
/// <param name="Side">Height and width of a map.</param>
/// <param name="Values">[side, side, channels]: the channel runs fastest.</param>
public sealed record FeatureMaps(string Layer, int Side, float[] Values);
