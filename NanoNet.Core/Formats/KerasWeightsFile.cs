using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using PureHDF;
using PureHDF.VOL.Native;

namespace NanoNet.Core.Formats;

/// <summary>
/// An open model.weights.h5. The HDF5 reader meets damage with whatever exception its code runs into; here each of them
/// becomes one that names the file.
/// </summary>
/// <remarks>
/// A file crafted with a link that leads to itself still exhausts the reader's stack. Accidental damage does not get
/// this far: the archive's check sums were compared before.
/// </remarks>
internal sealed class KerasWeightsFile : IDisposable
{
    private readonly string _file;
    private readonly NativeFile _root;

    /// <summary>Opens it.</summary>
    /// <param name="content">The bytes of model.weights.h5.</param>
    /// <param name="file">The archive it comes from, for messages.</param>
    /// <exception cref="DataFormatException">It is no HDF5 file.</exception>
    public KerasWeightsFile(byte[] content, string file)
    {
        _file = file;
        _root = Guard("model.weights.h5", () => H5File.Open(new MemoryStream(content), leaveOpen: false));
    }

    /// <summary>How many members a group has; 0 if it is not there.</summary>
    public int Count(string path) =>
        Guard(path, () => _root.LinkExists(path) ? _root.Group(path).Children().Count() : 0);

    /// <summary>The values of a float32 array, row-major.</summary>
    /// <exception cref="DataFormatException">It is not there, or not of this shape or type.</exception>
    public float[] Floats(string path, Shape shape)
    {
        var dataset = Open(path);
        int[] sizes = [.. dataset.Space.Dimensions.Select(size => (int)Math.Min(size, int.MaxValue))];
        if (!shape.Sizes.SequenceEqual(sizes))
        {
            throw Unexpected($"shape {shape} in {path}", $"({string.Join(", ", sizes)})");
        }

        RequireType(dataset, path, H5DataTypeClass.FloatingPoint, "float32", sizeof(float));
        return Guard(path, () => dataset.Read<float[]>());
    }

    /// <summary>A whole number of 32 or 64 bits.</summary>
    /// <exception cref="DataFormatException">It is not there, or no such number.</exception>
    public long Integer(string path)
    {
        var dataset = Open(path);
        RequireType(dataset, path, H5DataTypeClass.FixedPoint, "a whole number", sizeof(int), sizeof(long));
        return Guard(path, () => dataset.Type.Size == sizeof(int) ? dataset.Read<int>() : dataset.Read<long>());
    }

    /// <summary>The complaint that something else was expected.</summary>
    public DataFormatException Unexpected(string expected, string received, Exception? inner = null) =>
        new(_file, expected, received, "save the model again", inner);

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private IH5Dataset Open(string path) => Guard(path, () => _root.LinkExists(path) ? _root.Dataset(path) : null)
        ?? throw Unexpected($"an array {path}", "none");

    private void RequireType(IH5Dataset dataset, string path, H5DataTypeClass kind, string name, params int[] sizes)
    {
        if (dataset.Type.Class != kind || !sizes.Contains(dataset.Type.Size))
        {
            throw Unexpected($"{name} in {path}", $"{dataset.Type.Class} of {dataset.Type.Size} bytes");
        }
    }

    private T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is not OutOfMemoryException)
        {
            throw Unexpected($"sound HDF5 data in {path}", $"damage ({damage.Message.TrimEnd('.')})", damage);
        }
    }
}
