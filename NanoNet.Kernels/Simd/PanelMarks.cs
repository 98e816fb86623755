namespace NanoNet.Kernels.Simd;

/// <summary>
/// Which panels of a block of b are packed already: the first to need one packs it, and the others wait those few microseconds,
/// should they come meanwhile. So a thread uses what it packed itself, and nobody waits until all is packed.
/// </summary>
/// <param name="marks">Memory of <see cref="Floats"/>, or null if all panels are packed.</param>
internal readonly unsafe struct PanelMarks(int* marks)
{
    /// <summary>A cache line for each mark: threads write them at the same time.</summary>
    private const int Spacing = 16;

    private const int Taken = 1;
    private const int Packed = 2;

    /// <summary>Floats of memory for so many panels.</summary>
    public static nint Floats(int panels) => panels * Spacing;

    /// <summary>No panel is packed.</summary>
    public void Clear(int panels)
    {
        for (int panel = 0; panel < panels; panel++)
        {
            marks[panel * Spacing] = 0;
        }
    }

    /// <summary>The marks of panel <paramref name="panel"/> and on.</summary>
    public PanelMarks From(int panel) => new(marks is null ? null : marks + panel * Spacing);

    /// <summary>Whether it falls to the caller to pack the panel and to say so; if not, it is packed when this returns.</summary>
    public bool Claim(int panel)
    {
        if (marks is null)
        {
            return false;
        }

        ref int mark = ref marks[panel * Spacing];
        if (Volatile.Read(ref mark) == Packed)
        {
            return false;
        }

        if (Interlocked.CompareExchange(ref mark, Taken, 0) == 0)
        {
            return true;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref mark) != Packed)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        return false;
    }

    /// <summary>Whether nobody has begun to pack the panel.</summary>
    public bool IsFree(int panel) => marks is not null && Volatile.Read(ref marks[panel * Spacing]) == 0;

    /// <summary>The panel is packed, for all threads to see.</summary>
    public void SetPacked(int panel) => Volatile.Write(ref marks[panel * Spacing], Packed);
}
