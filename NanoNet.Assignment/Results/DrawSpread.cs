namespace NanoNet.Assignment.Results;

/// <summary>Where each draw alone would put the crossing of 95 %.</summary>
/// <param name="Start">Where training started from.</param>
/// <param name="N95">
/// By draw, from the first: where a straight line through the draw's points around the crossing, log error against
/// log n, reaches 95 %; null where that is outside of what was measured.
/// </param>
internal sealed record DrawSpread(WeightsStart Start, int?[] N95);
