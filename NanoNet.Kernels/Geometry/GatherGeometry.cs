namespace NanoNet.Kernels.Geometry;

/// <summary>What a gather copies: <paramref name="Rows"/> rows of <paramref name="Columns"/> elements.</summary>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Columns">Elements of a row.</param>
/// <param name="Source">What the source holds: bytes and floats become floats, int32 stays int32.</param>
/// <param name="Scale">What bytes and floats are multiplied with.</param>
public readonly record struct GatherGeometry(int Rows, int Columns, ElementType Source, float Scale);
