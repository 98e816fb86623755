using System.IO.Compression;
using System.Security.Cryptography;

namespace NanoNet.Core.Data;

/// <summary>SHA-256 of what a file holds, unzipped where it is gzipped.</summary>
internal static class UnzippedHash
{
    /// <summary>The hash in lower-case hex, or null if the gzip data are damaged or the file cannot be read.</summary>
    public static string? OfFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The hash in lower-case hex, or null if the gzip data are damaged.</summary>
    public static string? Of(Stream stream)
    {
        try
        {
            if (!GzipFormat.IsGzip(stream))
            {
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }

            using var unzipped = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return Convert.ToHexStringLower(SHA256.HashData(unzipped));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
