using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>A tile's sum in parts is the sum of its parts, to the bit, whatever kind of tile does it.</summary>
public sealed unsafe class ProductTileTests
{
    private const float Guard = 12345.5f;
    private const int Tall = 14;

    public static TheoryData<int, int, int> Sums { get; } = new()
    {
        { 40, 24, 1 }, { 256, 64, 1 }, { 288, 24, 1 }, { 300, 24, 1 }, { 300, 32, 1 }, { 520, 512, 1 }, { 1056, 544, 1 }, { 300, 0, 1 },
        { 40, 32, 3 }, { 300, 24, 2 }, { 290, 64, 3 }, { 300, 0, 3 },
    };

    [Theory]
    [MemberData(nameof(Sums))]
    public void Parts_add_up(int depth, int part, int stretches)
    {
        Check<Lanes512, Vector512<float>>(depth, part, stretches);
        Check<Lanes256, Vector256<float>>(depth, part, stretches);
        Check<Lanes128, Vector128<float>>(depth, part, stretches);
        Check<LanesScalar, float>(depth, part, stretches);
    }

    private static void Check<TLanes, TVector>(int depth, int part, int stretches)
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        int columns = ProductTile<TLanes, TVector>.Columns;
        int aRow = stretches * (depth + 3);
        float[] a = Random(Tall * aRow, 1), b = Random(stretches * depth * columns, 2), start = Random(Tall * columns, 3);
        var shape = new TileShape
        {
            Stretches = stretches, Depth = depth, Part = part, AJump = 3, ARow = aRow, AStep = 1, BStep = columns, CRow = columns, Accumulate = true,
        };
        for (int rows = 1; rows <= TLanes.TileRows; rows++)
        {
            var expected = start.ToArray();
            var actual = start.ToArray();
            var packing = start.ToArray();
            var panel = Enumerable.Repeat(Guard, b.Length + 8).ToArray();
            var sums = Enumerable.Repeat(Guard, rows * columns + 8).ToArray();
            fixed (float* pa = a, pb = b, pe = expected, pc = actual, pp = packing, to = panel, ps = sums)
            {
                shape.Sums = ps;
                // A part at a time, each a sum of its own.
                if (part > 0)
                {
                    for (int stretch = 0; stretch < stretches; stretch++)
                    {
                        for (int step = 0; step < depth; step += part)
                        {
                            var one = shape with { Stretches = 1, Depth = Math.Min(part, depth - step), Part = 0 };
                            float* first = pa + stretch * (depth + 3) + step;
                            ProductTile<TLanes, TVector>.Run(rows, one, first, pb + (stretch * depth + step) * columns, pe, null, pa, 0);
                        }
                    }
                }

                ProductTile<TLanes, TVector>.Run(rows, shape, pa, pb, pc, null, pa, 0);
                ProductTile<TLanes, TVector>.RunAndPack(rows, shape, pa, pb, pp, null, to);
            }

            Assert.Equal(actual, packing);
            Assert.Equal(b, panel[..b.Length]);
            Assert.All(panel[b.Length..], value => Assert.Equal(Guard, value));
            Assert.All(sums[(rows * columns)..], value => Assert.Equal(Guard, value));
            if (part > 0)
            {
                Assert.Equal(expected, actual);
            }

            Assert.Equal(start[(rows * columns)..], actual[(rows * columns)..]);
            Assert.NotEqual(start[..(rows * columns)], actual[..(rows * columns)]);
        }
    }

    [Fact]
    public void Last_rows_may_lie_elsewhere()
    {
        Check<Lanes512, Vector512<float>>();
        Check<Lanes256, Vector256<float>>();
        Check<Lanes128, Vector128<float>>();
        Check<LanesScalar, float>();
    }

    private static void Check<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        const int copiedRow = 321;
        int columns = ProductTile<TLanes, TVector>.Columns;
        foreach (int depth in (int[])[40, 300])
        {
            float[] a = Random(Tall * depth, 1), b = Random(depth * columns, 2), copies = Random(TileShape.CopiesOfTile * copiedRow, 3);
            var shape = new TileShape { Stretches = 1, Depth = depth, ARow = depth, AStep = 1, BStep = columns, CRow = columns };
            for (int rows = 1; rows <= TLanes.TileRows; rows++)
            {
                var where = a.ToArray();
                for (int row = TileShape.RowsInPlace; row < rows; row++)
                {
                    Array.Copy(copies, (row - TileShape.RowsInPlace) * copiedRow, where, row * depth, depth);
                }

                float[] expected = new float[Tall * columns], actual = new float[Tall * columns], packing = new float[Tall * columns];
                float[] panel = new float[b.Length];
                fixed (float* pa = a, pw = where, pb = b, pk = copies, pe = expected, pc = actual, pp = packing, to = panel)
                {
                    var apart = shape with { Copied = pk, CopiedRow = copiedRow };
                    ProductTile<TLanes, TVector>.Run(rows, shape, pw, pb, pe, null, pa, 0);
                    ProductTile<TLanes, TVector>.Run(rows, apart, pa, pb, pc, null, pa, 0);
                    ProductTile<TLanes, TVector>.RunAndPack(rows, apart, pa, pb, pp, null, to);
                }

                Assert.Equal(expected, actual);
                Assert.Equal(expected, packing);
            }
        }
    }

    [Fact]
    public void A_tile_may_make_the_copies_that_it_reads()
    {
        CheckCopying<Lanes512, Vector512<float>>();
        CheckCopying<Lanes256, Vector256<float>>();
        CheckCopying<Lanes128, Vector128<float>>();
        CheckCopying<LanesScalar, float>();
    }

    private static void CheckCopying<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        const int copiedRow = 611;
        int columns = ProductTile<TLanes, TVector>.Columns;
        foreach (int depth in (int[])[7, 40, 301, 608])
        {
            int aRow = depth + 5;
            float[] a = Random(Tall * aRow, 1), b = Random(depth * columns, 2);
            for (int rows = 1; rows <= TLanes.TileRows; rows++)
            {
                float[] expected = new float[Tall * columns], actual = new float[Tall * columns], packing = new float[Tall * columns];
                float[] panel = new float[b.Length], sums = new float[Tall * columns];
                float[] copies = [.. Enumerable.Repeat(Guard, TileShape.CopiesOfTile * copiedRow)];
                float[] copiesOfPacking = [.. copies];
                fixed (float* pa = a, pb = b, pk = copies, pq = copiesOfPacking, pe = expected, pc = actual, pp = packing, to = panel, ps = sums)
                {
                    var shape = new TileShape
                    {
                        Stretches = 1, Depth = depth, Part = 320, Sums = ps, ARow = aRow, AStep = 1, BStep = columns, CRow = columns,
                    };
                    var copying = shape with { Copies = true, Copied = pk, CopiedRow = copiedRow };
                    ProductTile<TLanes, TVector>.Run(rows, shape, pa, pb, pe, null, pa, 0);
                    ProductTile<TLanes, TVector>.Run(rows, copying, pa, pb, pc, null, pa, 0);
                    ProductTile<TLanes, TVector>.RunAndPack(rows, copying with { Copied = pq }, pa, pb, pp, null, to);
                }

                Assert.Equal(expected, actual);
                Assert.Equal(expected, packing);
                Assert.Equal(copies, copiesOfPacking);
                for (int copy = 0; copy < TileShape.CopiesOfTile; copy++)
                {
                    int row = TileShape.RowsInPlace + copy;
                    var copied = copies[(copy * copiedRow)..((copy + 1) * copiedRow)];
                    int copiedSteps = row < rows ? depth : 0;
                    Assert.Equal(a[(row * aRow)..(row * aRow + copiedSteps)], copied[..copiedSteps]);
                    Assert.All(copied[copiedSteps..], value => Assert.Equal(Guard, value));
                }
            }
        }
    }

    [Fact]
    public void A_tile_may_store_past_the_caches_and_ask_for_rows_to_come()
    {
        CheckStreaming<Lanes512, Vector512<float>>();
        CheckStreaming<Lanes256, Vector256<float>>();
        CheckStreaming<Lanes128, Vector128<float>>();
        CheckStreaming<LanesScalar, float>();
    }

    private static void CheckStreaming<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        const int line = 64;
        const int depth = 300;
        int columns = ProductTile<TLanes, TVector>.Columns;
        int cRow = Math.Max(columns, line / sizeof(float));
        int count = Tall * cRow;
        float[] a = Random(Tall * depth, 1), b = Random(depth * columns, 2), start = Random(count, 3);
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(3 * count * sizeof(float)), line);
        try
        {
            for (int rows = 1; rows <= TLanes.TileRows; rows++)
            {
                foreach (bool accumulate in (bool[])[false, true])
                {
                    Span<float> expected = new(memory, count), actual = new(memory + count, count);
                    start.CopyTo(expected);
                    start.CopyTo(actual);
                    fixed (float* pa = a, pb = b)
                    {
                        var shape = new TileShape
                        {
                            Stretches = 1, Depth = depth, Part = 160, Sums = memory + 2 * count, ARow = depth, AStep = 1,
                            BStep = columns, CRow = cRow, Accumulate = accumulate, Relu = true,
                        };
                        ProductTile<TLanes, TVector>.Run(rows, shape, pa, pb, memory, null, pa, 0);

                        // 47 rows in ten runs, five at a time, and no further.
                        var coming = new ComingRows(pb, 47, 1, 10);
                        var streaming = shape with { Streams = true };
                        ProductTile<TLanes, TVector>.Run(rows, streaming, pa, pb, memory + count, null, pa, 0, &coming);
                        Assert.Equal(5, coming.AtATime);
                        Assert.True(coming.Next == (Sse.IsSupported ? pb + 47 : pb));
                    }

                    Assert.True(expected.SequenceEqual(actual));
                    Assert.True(start.AsSpan(rows * cRow).SequenceEqual(actual[(rows * cRow)..]));
                    Assert.False(start.AsSpan(0, rows * cRow).SequenceEqual(actual[..(rows * cRow)]));
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
