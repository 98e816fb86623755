using ILGPU;
using ILGPU.Runtime;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Four floats that are read and written in one 16-byte transaction. Register tiles are made of them, because ILGPU
/// unrolls no loops and would keep an indexed array in slow memory.
/// </summary>
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x;
    public float Y = y;
    public float Z = z;
    public float W = w;

    /// <summary>a + b, elementwise.</summary>
    public static Float4 Add(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    /// <summary>scale · a + sum, elementwise.</summary>
    public static Float4 MultiplyAdd(float scale, Float4 a, Float4 sum) => new(
        scale * a.X + sum.X, scale * a.Y + sum.Y, scale * a.Z + sum.Z, scale * a.W + sum.W);

    /// <summary>The four floats from a place on that is a multiple of four, of memory aligned to 16 bytes.</summary>
    /// <remarks>
    /// An element of a view of floats, told to be aligned, is found by one multiply-add. As an element of a view of four
    /// floats its place would have to be divided first.
    /// </remarks>
    public static Float4 Load(ArrayView<float> source, int place) =>
        source.SubView(place).AsAligned(16).Cast<Float4>()[0];

    /// <summary>Writes four floats from a place on that is a multiple of four, of memory aligned to 16 bytes.</summary>
    public static void Store(ArrayView<float> target, int place, Float4 value) =>
        target.Cast<Float4>()[place >> 2] = value;
}
