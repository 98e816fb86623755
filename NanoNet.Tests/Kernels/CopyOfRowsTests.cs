using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>Copies of operand a: read by the changed shape they are what was read before, and they are made once.</summary>
public sealed unsafe class CopyOfRowsTests
{
    private const float Guard = 12345.5f;
    private const int Steps = 37;
    private const int Stride = 61;

    public static TheoryData<int> Rows { get; } = [1, 9, 10, 14, 15, 27, 98];

    [Theory]
    [MemberData(nameof(Rows))]
    public void All_rows(int rows)
    {
        foreach (bool byColumns in (bool[])[true, false])
        {
            Check(rows, byColumns, (copy, a, row, shape) =>
            {
                var read = shape;
                float* copied = byColumns ? copy.OfColumns(a, row, rows, ref read) : copy.OfRows(a, row, rows, ref read);
                return (line, step) => copied[line * read.ARow + step * read.AStep];
            });
        }
    }

    [Fact]
    public void Last_rows_are_left_to_the_first_tiles()
    {
        float[] memory = new float[(int)CopyOfRows.Floats(28, Steps)];
        fixed (float* pm = memory)
        {
            var copy = new CopyOfRows(pm);
            copy.Forget();
            foreach ((int row, bool copies) in new[] { (0, true), (0, false), (28, true), (28, false), (0, true) })
            {
                var shape = new TileShape { Stretches = 1, Depth = Steps, ARow = Stride, AStep = 1 };
                copy.OfLastRows(row, ref shape);
                Assert.Equal(copies, shape.Copies);
                Assert.Equal(Stride, shape.ARow);

                // Those of two tiles have room, and a row's end does not reach the next.
                Assert.True(shape.Copied > pm && shape.Copied + 2 * TileShape.CopiesOfTile * shape.CopiedRow <= pm + memory.Length);
                Assert.True(shape.CopiedRow >= Steps);
            }
        }
    }

    private delegate Func<int, int, float> Reader(CopyOfRows copy, float* a, int row, TileShape shape);

    private static void Check(int rows, bool byColumns, Reader read)
    {
        int count = (int)CopyOfRows.Floats(rows, Steps);
        float[] a = [.. Enumerable.Range(0, Math.Max(rows, Steps) * Math.Max(rows, Stride)).Select(i => (float)i)];
        float[] memory = [.. Enumerable.Repeat(Guard, count + 8)];
        int stride = byColumns ? Math.Max(rows, Stride) : Stride;
        var shape = new TileShape { Stretches = 1, Depth = Steps, ARow = byColumns ? 1 : stride, AStep = byColumns ? stride : 1 };
        fixed (float* pa = a, pm = memory)
        {
            var copy = new CopyOfRows(pm);
            copy.Forget();
            var values = All(read(copy, pa, 5, shape));
            Assert.Equal(All((line, step) => a[line * (int)shape.ARow + step * (int)shape.AStep]), values);
            Assert.All(memory[count..], value => Assert.Equal(Guard, value));

            // The same rows are held; others, or the same after Forget, are copied.
            var held = memory.ToArray();
            Negate();
            read(copy, pa, 5, shape);
            Assert.Equal(held, memory);
            Assert.Equal(values.Select(value => -value), All(read(copy, pa, 6, shape)));
            Negate();
            copy.Forget();
            Assert.Equal(values, All(read(copy, pa, 6, shape)));
        }

        float[] All(Func<int, int, float> at) =>
            [.. from line in Enumerable.Range(0, rows) from step in Enumerable.Range(0, Steps) select at(line, step)];

        void Negate()
        {
            for (int i = 0; i < a.Length; i++)
            {
                a[i] = -a[i];
            }
        }
    }
}
