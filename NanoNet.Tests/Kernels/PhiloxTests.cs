using System.Runtime.Intrinsics;
using FsCheck.Xunit;
using NanoNet.Kernels;
using NanoNet.Kernels.Random;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class PhiloxTests
{
    /// <summary>The known answers that the authors' Random123 distribution ships for philox4x32-10.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(
        0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu,
        0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers(
        uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, uint x, uint y, uint z, uint w) =>
        Assert.Equal(new UInt4(x, y, z, w), Philox.Block(c0, c1, c2, c3, key0, key1));

    [Property]
    public void Lanes_equal_the_blocks(uint block, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        var lanes = new PhiloxLanes(c1, c2, c3, key0, key1);
        lanes.Next(block, out var bits0, out var bits1, out var bits2, out var bits3);
        Vector256<uint>[] bits = [bits0, bits1, bits2, bits3];
        for (int i = 0; i < PhiloxLanes.Count; i++)
        {
            var expected = Philox.Block(block + (uint)(i / 4), c1, c2, c3, key0, key1);
            Assert.Equal(expected[i % 4], bits[i / 8][i % 8]);
        }
    }

    [Fact]
    public void Lanes_carry_no_rubbish_from_large_counters()
    {
        const uint largest = uint.MaxValue;
        Lanes_equal_the_blocks(largest - 3, largest, largest, largest, largest, largest);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 7)]
    [InlineData(2, 33)]
    [InlineData(7, 129)]
    [InlineData(33, 256)]
    [InlineData(2, 4101)]
    public void Dropout_keeps_what_the_mask_documents(int rows, int columns)
    {
        using var rig = new SimdRig(threads: 2);
        var clock = new StepClock { Epoch = 3, Step = 17 };
        var mask = new DropoutMask(0.3f, 0xdeadbeef, 0x12345678, 5, clock);
        var x = SimdRig.Random(rows * columns, seed: 1);
        var y = rig.Output(x.Length);
        rig.Engine.Dropout(y, rig.Floats(x), mask, rows, columns);
        var got = rig.Read(y, x.Length);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                var block = Philox.Block((uint)column / 4, (uint)row, 17, (3 * 256) + 5, 0xdeadbeef, 0x12345678);
                bool kept = block[column % 4] >> 8 >= mask.Threshold;
                float value = x[(row * columns) + column];
                Assert.Equal(kept ? value * (1f / (1f - 0.3f)) : 0f, got[(row * columns) + column]);
            }
        }
    }
}
