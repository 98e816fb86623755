namespace NanoNet.Kernels.Simd;

/// <summary>
/// Operand b of a product, cut into panels as wide as a tile. Either packed, before or when first used: each panel is one piece of
/// memory, and a last one that is not full is filled up with zeros or with what lies beside it. Or left in place, and then only a last
/// panel that is not full is packed.
/// </summary>
internal unsafe struct Panels
{
    /// <summary>The first panel.</summary>
    public float* First;

    /// <summary>Elements from one panel to the next.</summary>
    public nint Stride;

    /// <summary>Elements from one step of the sum to the next.</summary>
    public nint Step;

    /// <summary>Where a last panel that is not full lies, packed; null if it lies with the others.</summary>
    public float* Partial;

    /// <summary>Whether more panels, to be used next, follow the last.</summary>
    public bool FollowEachOther;

    /// <summary>Which panels are yet to be packed, from <see cref="Unpacked"/>.</summary>
    public PanelMarks Marks;

    /// <summary>The same columns as they are stored; null if all are packed.</summary>
    public float* Unpacked;

    /// <summary>Elements there from one step of the sum to the next; of a transposed b from one column to the next.</summary>
    public nint UnpackedStep;

    /// <summary>Whether b is stored transposed: the steps of a column lie together.</summary>
    public bool IsTransposed;

    /// <summary>Whether the panel after the last is the next that will be used, and may be unpacked too.</summary>
    public bool UnpackedFollows;
}
