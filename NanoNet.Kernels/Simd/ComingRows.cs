namespace NanoNet.Kernels.Simd;

/// <summary>
/// Rows of b from which the next panel will be packed. The tiles before it ask for them, a few at a time: packing alone cannot have
/// enough of them under way where memory is slow.
/// </summary>
internal unsafe struct ComingRows
{
    /// <summary>More at a time, and what the tile itself reads would wait.</summary>
    private const int MostAtATime = 8;

    /// <summary>The next row to ask for.</summary>
    public float* Next;

    /// <summary>The row after the last.</summary>
    public float* End;

    /// <summary>Elements from one row to the next.</summary>
    public nint Step;

    /// <summary>Rows to ask for at a time.</summary>
    public int AtATime;

    /// <summary>Rows that start at <paramref name="first"/>, to be asked for in about so many <paramref name="times"/>.</summary>
    public ComingRows(float* first, int rows, nint step, int times)
    {
        Next = first;
        End = first + rows * step;
        Step = step;
        AtATime = times == 0 ? 0 : Math.Min(Chunks.Cover(rows, times), MostAtATime);
    }
}
