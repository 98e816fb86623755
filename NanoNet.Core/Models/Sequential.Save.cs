using NanoNet.Core.Errors;
using NanoNet.Core.Formats;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Models;

/// <content>Files: see <see cref="KerasArchive"/>.</content>
public sealed partial class Sequential
{
    /// <summary>Reads a model from a <c>.keras</c> file, compiled if it was.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the model will live; the caller owns the model.</param>
    /// <param name="seed">The seed of what is random in it from here on.</param>
    /// <exception cref="DataNotFoundException">The file is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">It is damaged, or holds a model that we do not have.</exception>
    public static Sequential Load(string path, Device device, ulong seed = 42) => KerasArchive.Load(path, device, seed);

    /// <summary>Writes the model to a <c>.keras</c> file, which appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">The name does not end in .keras.</exception>
    public void Save(string path) => KerasArchive.Save(this, path);

    /// <summary>Overwrites the weights with those in a <c>.keras</c> file, all or none.</summary>
    /// <exception cref="DataNotFoundException">The file is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">It is damaged, or its weights do not fit the model.</exception>
    public void LoadWeights(string path) => KerasArchive.LoadWeights(this, path);
}
