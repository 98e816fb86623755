namespace NanoNet.Kernels.Ilgpu;

/// <summary>Whether a product's operands can be read four neighbours at a time.</summary>
internal interface IWidth
{
    /// <summary>Whether every four neighbours that a thread fetches start at a multiple of 16 bytes.</summary>
    static abstract bool IsWide { get; }
}

/// <summary>In one 16-byte load: rows, or an image's channels, are a multiple of four.</summary>
internal readonly struct Wide : IWidth
{
    /// <inheritdoc/>
    public static bool IsWide => true;
}

/// <summary>One by one.</summary>
internal readonly struct Narrow : IWidth
{
    /// <inheritdoc/>
    public static bool IsWide => false;
}
