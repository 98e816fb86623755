using System.Runtime.CompilerServices;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// Rows of operand a, copied to where their lines lie together, in a worker's memory. It knows which rows it holds: pieces side by
/// side, which follow each other, need the same.
/// </summary>
/// <param name="memory">A line for what is held, then the rows.</param>
internal readonly unsafe struct CopyOfRows(float* memory)
{
    private const int FloatsOfLine = 16;

    /// <summary>Floats between the ends of rows: one cache line, so that rows do not share places in the cache.</summary>
    private const int RowPadding = FloatsOfLine;

    private const long Nothing = -1;

    /// <summary>Floats of memory for so many rows of so many steps.</summary>
    public static nint Floats(int rows, int steps) => FloatsOfLine + rows * (nint)(steps + RowPadding);

    /// <summary>Operand a is another one now.</summary>
    public void Forget() => *(long*)memory = Nothing;

    /// <summary>
    /// The rows at <paramref name="a"/>, of which <paramref name="row"/> is the first, as they are stored: by rows, or by columns if
    /// those are together. The shape tells how a is read before and after.
    /// </summary>
    public float* Of(float* a, int row, int rows, ref TileShape shape)
    {
        bool byColumns = shape.ARow == 1;
        int lines = byColumns ? shape.Depth : rows;
        int length = byColumns ? rows : shape.Depth;
        nint source = byColumns ? shape.AStep : shape.ARow;
        nint stride = byColumns ? rows : shape.Depth + RowPadding;
        float* copy = memory + FloatsOfLine;
        if (*(long*)memory != row)
        {
            for (int line = 0; line < lines; line++)
            {
                Unsafe.CopyBlockUnaligned(copy + line * stride, a + line * source, (uint)length * sizeof(float));
            }

            *(long*)memory = row;
        }

        shape.AStep = byColumns ? stride : 1;
        shape.ARow = byColumns ? 1 : stride;
        return copy;
    }
}
