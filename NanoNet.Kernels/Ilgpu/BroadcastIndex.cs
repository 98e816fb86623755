using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Finds, for an element of a broadcast result, the elements of both operands that it is computed from.
/// </summary>
internal readonly struct BroadcastIndex(BroadcastGeometry geometry)
{
    private readonly BroadcastGeometry _geometry = geometry;
    private readonly FastDivisor _size1 = new(geometry.Size1);
    private readonly FastDivisor _size2 = new(geometry.Size2);
    private readonly FastDivisor _size3 = new(geometry.Size3);
    private readonly FastDivisor _size4 = new(geometry.Size4);
    private readonly FastDivisor _size5 = new(geometry.Size5);

    /// <summary>Elements of the result.</summary>
    public int Count { get; } = geometry.Count;

    /// <summary>The places in both operands for the result's element <paramref name="i"/>.</summary>
    public (int A, int B) Places(int i)
    {
        // Innermost axis first: what is left over is the index along it.
        int outer = _size5.Divide(i);
        int index = i - outer * _geometry.Size5;
        int a = index * _geometry.StrideA5;
        int b = index * _geometry.StrideB5;

        i = outer;
        outer = _size4.Divide(i);
        index = i - outer * _geometry.Size4;
        a += index * _geometry.StrideA4;
        b += index * _geometry.StrideB4;

        i = outer;
        outer = _size3.Divide(i);
        index = i - outer * _geometry.Size3;
        a += index * _geometry.StrideA3;
        b += index * _geometry.StrideB3;

        i = outer;
        outer = _size2.Divide(i);
        index = i - outer * _geometry.Size2;
        a += index * _geometry.StrideA2;
        b += index * _geometry.StrideB2;

        i = outer;
        outer = _size1.Divide(i);
        index = i - outer * _geometry.Size1;
        a += index * _geometry.StrideA1 + outer * _geometry.StrideA0;
        b += index * _geometry.StrideB1 + outer * _geometry.StrideB0;
        return (a, b);
    }
}
