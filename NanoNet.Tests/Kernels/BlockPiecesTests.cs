using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>The cut of a block of c: every element in one piece, no piece larger than its memory.</summary>
public sealed class BlockPiecesTests
{
    public static TheoryData<int, int, int> Blocks { get; } = new()
    {
        { 97, 1, 1 }, { 100, 33, 65 }, { 112, 2048, 7 }, { 229, 300, 512 }, { 784, 256, 32 }, { 1024, 1024, 1024 }, { 1000, 64, 90_000 },
        { 2304, 128, 32 }, { 500, 1999, 1024 },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_element_is_in_one_piece(int rows, int columns, int depth)
    {
        foreach (int tileRows in new[] { 6, 12, 14 })
        {
            foreach (int threads in new[] { 1, 2, 3, 8, 61 })
            {
                var pieces = new BlockPieces(rows, columns, depth, tileRows, threads, packs: threads % 2 == 0);
                var hits = new int[rows * columns];
                for (int index = 0; index < pieces.Count; index++)
                {
                    pieces.At(index, out int row, out int height, out int column, out int width);
                    Assert.InRange(height, 0, BlockPieces.MostRows(depth, tileRows));
                    for (int i = row; i < row + height; i++)
                    {
                        for (int j = column; j < column + width; j++)
                        {
                            hits[i * columns + j]++;
                        }
                    }
                }

                int wrong = Array.FindIndex(hits, hit => hit != 1);
                Assert.True(wrong < 0, $"{threads} threads, tiles of {tileRows} rows: element {wrong} is in {(wrong < 0 ? 1 : hits[wrong])} pieces");
            }
        }
    }

    [Theory]
    [InlineData(1024, 1024, 1024)]
    [InlineData(128, 2048, 1024)]
    [InlineData(1024, 200, 1024)]
    public void Each_thread_has_as_much_to_do(int rows, int columns, int depth)
    {
        const int threads = 4;
        var pieces = new BlockPieces(rows, columns, depth, 14, threads, packs: true);
        var work = new long[threads];
        for (int index = 0; index < pieces.Count; index++)
        {
            pieces.At(index, out _, out int height, out _, out int width);
            work[index * threads / pieces.Count] += height * width;
        }

        Assert.InRange(work.Max() - work.Min(), 0, rows * columns / 10);
    }

    [Theory]
    [InlineData(256, 784, 2, true, true)]
    [InlineData(256, 784, 2, false, false)]
    [InlineData(128, 784, 2, true, true)]
    [InlineData(128, 784, 4, true, false)]
    [InlineData(160, 784, 2, true, false)]
    [InlineData(160, 32, 2, true, true)]
    [InlineData(1000, 784, 2, true, true)]
    [InlineData(1000, 784, 2, false, true)]
    public void Fields_are_of_columns_where_those_suffice_and_are_equal_or_many(
        int columns, int depth, int threads, bool packs, bool byColumns)
    {
        var pieces = new BlockPieces(rows: 1024, columns, depth, tileRows: 14, threads, packs);

        // The first piece of the second thread.
        pieces.At(pieces.Count / threads, out int row, out _, out int column, out _);

        Assert.Equal(byColumns, column > 0);
        Assert.Equal(byColumns, row == 0);
    }

    [Theory]
    [InlineData(1024, 1024, 2)]
    [InlineData(1000, 2048, 1)]
    [InlineData(2010, 200, 2)]
    public void Pieces_are_as_high_as_each_other(int rows, int columns, int threads)
    {
        const int tileRows = 14;
        var pieces = new BlockPieces(rows, columns, depth: 1024, tileRows, threads, packs: true);
        var heights = new List<int>();
        for (int index = 0; index < pieces.Count; index++)
        {
            pieces.At(index, out _, out int height, out _, out _);
            heights.Add(height);
        }

        // A tile, and what the last lacks to be a whole one.
        Assert.InRange(heights.Max() - heights.Min(), 0, 2 * tileRows - 1);
    }
}
