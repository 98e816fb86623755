namespace NanoNet.Kernels.Geometry;

/// <summary>
/// A reduction of the middle axis of x [Outer, Count, Inner] to y [Outer, Inner]. Core reduces several axes one group of
/// neighbours at a time, which any choice of axes comes down to.
/// </summary>
public readonly record struct ReduceGeometry(int Outer, int Count, int Inner);
