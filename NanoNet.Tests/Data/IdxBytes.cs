using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoNet.Tests.Data;

/// <summary>Makes the bytes of small IDX files.</summary>
internal static class IdxBytes
{
    /// <summary>Labels 0, 1, 2, ... modulo 10.</summary>
    public static byte[] Labels(int count) => Idx([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

    /// <summary>Images whose pixels count up, modulo 251, from the seed.</summary>
    public static byte[] Images(int count, int height = 28, int width = 28, int seed = 0) =>
        Idx([count, height, width], [.. Enumerable.Range(seed, count * height * width).Select(i => (byte)(i % 251))]);

    public static byte[] Idx(int[] dimensions, byte[] elements)
    {
        var file = new byte[4 + 4 * dimensions.Length + elements.Length];
        file[2] = 8;
        file[3] = (byte)dimensions.Length;
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * axis), dimensions[axis]);
        }

        elements.CopyTo(file, 4 + 4 * dimensions.Length);
        return file;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return zipped.ToArray();
    }
}
