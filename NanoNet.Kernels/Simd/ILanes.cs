namespace NanoNet.Kernels.Simd;

/// <summary>
/// One width of vector, so that a kernel is written once for all of them: the JIT compiles it anew for each implementation, and
/// every member becomes one instruction.
/// </summary>
/// <remarks>
/// Static members on the bare vector type rather than a wrapper with operators: with a wrapper the JIT of .NET 10 adds a register
/// move to every second multiply-add.
/// </remarks>
internal unsafe interface ILanes<TVector> where TVector : unmanaged
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>
    /// Rows of the product tile, which is two vectors wide: as many as leave registers for two vectors of b and one of a. More
    /// rows mean more work for each value loaded.
    /// </summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    /// <summary>Stores past the caches, at a multiple of the vector's size, where the machine can; a fence must follow.</summary>
    static abstract void Stream(TVector value, float* target);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a · b + c, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>max(0, a); a NaN stays one.</summary>
    static abstract TVector Relu(TVector a);
}
