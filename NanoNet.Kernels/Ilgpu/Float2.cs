namespace NanoNet.Kernels.Ilgpu;

/// <summary>Two floats of a <see cref="Float4"/>.</summary>
internal readonly struct Float2(float x, float y)
{
    public readonly float X = x;
    public readonly float Y = y;
}
