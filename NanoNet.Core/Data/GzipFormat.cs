using System.Buffers.Binary;

namespace NanoNet.Core.Data;

/// <summary>The two facts about a gzip file that the unzipper does not tell.</summary>
internal static class GzipFormat
{
    /// <summary>Whether a stream starts with gzip's magic bytes; leaves it at its start.</summary>
    public static bool IsGzip(Stream stream)
    {
        Span<byte> magic = stackalloc byte[2];
        stream.Position = 0;
        var got = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return got == 2 && magic is [0x1f, 0x8b];
    }

    /// <summary>The unzipped length, modulo 2^32, that the file's last four bytes state.</summary>
    public static uint StatedLength(Stream stream)
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        stream.Position = stream.Length - trailer.Length;
        stream.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}
