using NanoNet.Core.Data;
using NanoNet.Core.Errors;
using Xunit;

namespace NanoNet.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_what_was_written_gzipped_or_plain_whatever_the_name(bool gzipped)
    {
        var idx = IdxBytes.Images(3, 5, 7);
        var path = _folder.Write(gzipped ? "plain-looking" : "zipped-looking.gz", gzipped ? IdxBytes.Gzip(idx) : idx);

        var file = IdxFile.Read(path, rank: 3);

        Assert.Equal([3, 5, 7], file.Dimensions);
        Assert.Equal(idx[16..], file.Data.ToArray());
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere cannot be read", Missing().Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_every_kind_of_damage_in_one_sentence(bool gzipped)
    {
        var good = IdxBytes.Images(2, 4, 4);
        AssertRefused(Pack([]), "IDX header");
        AssertRefused(Pack(good[..9]), "IDX header of 16 bytes, but found only 9");
        AssertRefused(Pack(good[..^1]), "32 bytes (2 x 4 x 4), but found only 31");
        AssertRefused(Pack([.. good, 0]), "32 bytes (2 x 4 x 4), but found more");
        AssertRefused(Pack(IdxBytes.Labels(20)), "magic number 00000803, but found 00000801");
        AssertRefused(Pack([0, 0, 0x0d, .. good[3..]]), "magic number 00000803, but found 00000D03");
        AssertRefused(Pack("<html>404</html>"u8.ToArray()), "found 3C68746D");
        AssertRefused(Pack(IdxBytes.Idx([2, 0, 4], [])), "positive size on axis 1");
        AssertRefused(Pack(IdxBytes.Idx([2, -4, 4], [])), "positive size on axis 1");
        AssertRefused(Pack(IdxBytes.Idx([1 << 20, 1 << 20, 1 << 20], [])), "at most");
        AssertRefused(Pack(IdxBytes.Idx([1 << 30, 1 << 30, 1 << 30], [])), "at most");
        AssertRefused(Pack(IdxBytes.Idx([60000, 28, 28], [1, 2, 3])), "but found only 3");

        byte[] Pack(byte[] content) => gzipped ? IdxBytes.Gzip(content) : content;
    }

    [Fact]
    public void Refuses_a_gzip_file_cut_short_anywhere()
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(2, 9, 9));
        for (int length = 2; length < whole.Length; length++)
        {
            AssertRefused(whole[..length], "");
        }
    }

    [Fact]
    public void Refuses_a_gzip_file_with_a_flipped_bit_or_with_bytes_after_its_end()
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(2, 9, 9));
        var flipped = (byte[])whole.Clone();
        flipped[whole.Length / 2] ^= 0x10;
        AssertRefused(flipped, "");
        AssertRefused([.. whole, 1, 2, 3, 4, 5], "end of the gzip data");
        AssertRefused([.. whole, 0], "");
    }

    private DataNotFoundException Missing() =>
        Assert.Throws<DataNotFoundException>(() => IdxFile.Read(_folder.File("nowhere"), rank: 1));

    private void AssertRefused(byte[] content, string part)
    {
        var path = _folder.Write("damaged", content);
        var error = Assert.Throws<DataFormatException>(() => IdxFile.Read(path, rank: 3));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
