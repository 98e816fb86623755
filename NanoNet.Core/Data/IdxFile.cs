using System.Buffers.Binary;
using System.IO.Compression;
using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>
/// An array of bytes from an IDX file, the format of MNIST: two zero bytes, the element type, the number of dimensions,
/// each dimension as a big-endian 32-bit integer, then the elements in row-major order, and nothing after them.
/// </summary>
public sealed class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const string Cure = "replace it with a fresh copy";

    private readonly byte[] _data;

    private IdxFile(string path, int[] dimensions, byte[] data)
    {
        Path = path;
        Dimensions = dimensions;
        _data = data;
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The array's sizes, the slowest axis first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The elements, row-major; as many as the product of the dimensions.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>
    /// Reads an IDX file of unsigned bytes, gzipped or plain; which of the two is told by its first bytes, not by its
    /// name.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">The number of dimensions it must have: 1 for labels, 3 for images.</param>
    /// <exception cref="DataNotFoundException">The file is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">The file is damaged, cut short, too long, or no such IDX file.</exception>
    public static IdxFile Read(string path, int rank)
    {
        using var file = Open(path);
        if (!GzipFormat.IsGzip(file))
        {
            return Parse(path, file, rank);
        }

        try
        {
            using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var idx = Parse(path, unzipped, rank);
            CheckGzipEnd(file, idx);
            return idx;
        }
        catch (InvalidDataException damage)
        {
            const string found = "one that is damaged or cut short";
            throw new DataFormatException(path, "a complete gzip file", found, Cure, damage);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataNotFoundException($"{path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    private static IdxFile Parse(string path, Stream stream, int rank)
    {
        var dimensions = ReadHeader(path, stream, rank);
        var product = dimensions.Aggregate(Int128.One, (product, size) => product * size);
        var shape = string.Join(" x ", dimensions);
        if (product > Array.MaxLength)
        {
            throw new DataFormatException(path, $"at most {Array.MaxLength:N0} bytes", $"a size of {shape}", Cure);
        }

        var length = (long)product;

        // Grown as the bytes arrive: a damaged header must not make us reserve gigabytes for a small file.
        using var content = new MemoryStream();
        CopyAtMost(stream, content, length + 1);
        if (content.Length < length)
        {
            throw new DataFormatException(path, $"{length:N0} bytes ({shape})", $"only {content.Length:N0}", Cure);
        }

        if (content.Length > length)
        {
            throw new DataFormatException(path, $"{length:N0} bytes ({shape})", "more bytes after them", Cure);
        }

        return new IdxFile(path, dimensions, content.ToArray());
    }

    private static int[] ReadHeader(string path, Stream stream, int rank)
    {
        var header = new byte[4 + 4 * rank];
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        byte[] magic = [0, 0, UnsignedByte, (byte)rank];
        if (!header.AsSpan(0, Math.Min(got, 4)).SequenceEqual(magic.AsSpan(0, Math.Min(got, 4))))
        {
            var found = Convert.ToHexString(header.AsSpan(0, Math.Min(got, 4)));
            var cure = "give an IDX file of unsigned bytes with that many dimensions (1 for labels, 3 for images)";
            throw new DataFormatException(path, $"the IDX magic number {Convert.ToHexString(magic)}", found, cure);
        }

        if (got < header.Length)
        {
            throw new DataFormatException(path, $"an IDX header of {header.Length} bytes", $"only {got}", Cure);
        }

        var dimensions = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * axis));
            if (size is 0 or > int.MaxValue)
            {
                throw new DataFormatException(path, $"a positive size on axis {axis}", $"{size}", Cure);
            }

            dimensions[axis] = (int)size;
        }

        return dimensions;
    }

    private static void CopyAtMost(Stream from, Stream to, long limit)
    {
        var block = new byte[1 << 16];
        while (to.Length < limit)
        {
            var got = from.Read(block, 0, (int)Math.Min(block.Length, limit - to.Length));
            if (got == 0)
            {
                return;
            }

            to.Write(block, 0, got);
        }
    }

    // The unzipper ignores what follows the compressed data; the last four bytes of a sound file repeat the unzipped
    // length.
    private static void CheckGzipEnd(FileStream file, IdxFile idx)
    {
        var length = 4 + 4 * idx.Dimensions.Count + idx._data.Length;
        if (GzipFormat.StatedLength(file) != (uint)length)
        {
            throw new DataFormatException(idx.Path, "the end of the gzip data", "other bytes after it", Cure);
        }
    }
}
