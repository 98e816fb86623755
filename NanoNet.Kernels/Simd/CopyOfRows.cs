using System.Runtime.CompilerServices;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Rows of operand a, copied to where their lines lie together, in a worker's memory. It knows which rows it holds: pieces side by
/// side, which follow each other, need the same. Each way to copy changes the shape by which a is read.
/// </summary>
/// <param name="memory">A line for what is held, then the rows.</param>
internal readonly unsafe struct CopyOfRows(float* memory)
{
    private const int FloatsOfLine = 16;

    /// <summary>Floats between the ends of rows: one cache line, so that rows do not share places in the cache.</summary>
    private const int RowPadding = FloatsOfLine;

    private const long Nothing = -1;

    private float* Copy => memory + FloatsOfLine;

    /// <summary>Floats of memory for so many rows of so many steps.</summary>
    public static nint Floats(int rows, int steps) => FloatsOfLine + rows * (nint)(steps + RowPadding);

    /// <summary>Operand a is another one now.</summary>
    public void Forget() => *(long*)memory = Nothing;

    /// <summary>The rows at <paramref name="a"/>, of which <paramref name="row"/> is the first, that are stored by columns.</summary>
    public float* OfColumns(float* a, int row, int rows, ref TileShape shape)
    {
        if (Misses(row))
        {
            Lines(Copy, rows, a, shape.AStep, shape.Depth, rows);
        }

        shape.AStep = rows;
        return Copy;
    }

    /// <summary>The same, stored by rows.</summary>
    public float* OfRows(float* a, int row, int rows, ref TileShape shape)
    {
        nint stride = shape.Depth + RowPadding;
        if (Misses(row))
        {
            Lines(Copy, stride, a, shape.ARow, rows, shape.Depth);
        }

        shape.ARow = stride;
        return Copy;
    }

    /// <summary>
    /// The same, but only what is beyond <see cref="TileShape.RowsInPlace"/> in each tile: the rest stays where it is. The first tiles
    /// make the copies.
    /// </summary>
    public void OfLastRows(int row, ref TileShape shape)
    {
        shape.Copied = Copy;
        shape.CopiedRow = shape.Depth + RowPadding;
        shape.Copies = Misses(row);
    }

    private static void Lines(float* target, nint targetStride, float* source, nint sourceStride, int lines, int length)
    {
        for (int line = 0; line < lines; line++)
        {
            Unsafe.CopyBlockUnaligned(target + line * targetStride, source + line * sourceStride, (uint)length * sizeof(float));
        }
    }

    /// <summary>Whether other rows are held; from now on it is these.</summary>
    private bool Misses(int row)
    {
        bool misses = *(long*)memory != row;
        *(long*)memory = row;
        return misses;
    }
}
