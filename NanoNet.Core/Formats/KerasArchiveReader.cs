using System.IO.Compression;
using NanoNet.Core.Errors;

namespace NanoNet.Core.Formats;

/// <summary>The members of a .keras file.</summary>
internal sealed class KerasArchiveReader : IDisposable
{
    private const string Cure = "replace it with a fresh copy or save the model again";

    private readonly string _path;
    private readonly ZipArchive _archive;

    private KerasArchiveReader(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataNotFoundException">It is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">It is no zip archive.</exception>
    public static KerasArchiveReader Open(string path)
    {
        try
        {
            return new KerasArchiveReader(path, ZipFile.OpenRead(path));
        }
        catch (InvalidDataException damage)
        {
            throw new DataFormatException(path, "a zip archive, as .keras files are", "something else", Cure, damage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataNotFoundException($"{path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The bytes of a member.</summary>
    /// <exception cref="DataFormatException">It is missing or damaged.</exception>
    public byte[] Read(string name)
    {
        var entry = _archive.GetEntry(name) ?? throw new DataFormatException(_path, $"a member {name}", "none", Cure);
        try
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            byte[] bytes = content.ToArray();
            if (Crc32.Of(bytes) == entry.Crc32)
            {
                return bytes;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged(name, e);
        }

        throw Damaged(name, null);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private DataFormatException Damaged(string name, Exception? inner) =>
        new(_path, $"a sound member {name}", "one that is damaged or cut short", Cure, inner);
}
