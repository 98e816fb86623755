using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using NanoNet.Core.Errors;
using NanoNet.Core.Files;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Formats;

/// <summary>
/// Models as <c>.keras</c> files, which real Keras 3 opens and writes: a zip of metadata.json, config.json (the
/// architecture and how it was compiled) and model.weights.h5 (weights and the optimizer's state).
/// </summary>
/// <remarks>
/// Read are Sequential models of our layers; others are refused, naming the layer. Of training, SGD with cross-entropy
/// is kept; a model compiled otherwise comes uncompiled. Not in the file, as in Keras: the random state, so a loaded
/// model continues with the seed it is given.
/// </remarks>
public static class KerasArchive
{
    private const string Extension = ".keras";
    private const string ConfigMember = "config.json";
    private const string WeightsMember = "model.weights.h5";

    /// <summary>Writes a model to a file, which appears whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file; its name ends in .keras, or Keras would not open it.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    public static void Save(Sequential model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!path.EndsWith(Extension, StringComparison.Ordinal))
        {
            string message = $"{model.Name}: expected a file name that ends in {Extension}, got {path}.";
            throw new ArgumentException(message, nameof(path));
        }

        byte[] config = Encoding.UTF8.GetBytes(KerasConfig.Write(model));
        byte[] weights = KerasWeights.Write(model);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
            Add(archive, "metadata.json", Metadata());
            Add(archive, ConfigMember, config);
            Add(archive, WeightsMember, weights);
        });
    }

    /// <summary>Reads a model from a file, compiled if it was.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the model will live; the caller owns the model.</param>
    /// <param name="seed">The seed of what is random in it from here on.</param>
    /// <exception cref="DataNotFoundException">The file is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">It is damaged, or holds a model that we do not have.</exception>
    public static Sequential Load(string path, Device device, ulong seed = 42)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var archive = KerasArchiveReader.Open(path);
        var config = KerasConfig.Read(archive.Read(ConfigMember), path);
        using var weights = new KerasWeightsFile(archive.Read(WeightsMember), path);
        var model = Build(config, device, seed, path);
        try
        {
            KerasWeights.ReadInto(model, weights);
            KerasWeights.ReadOptimizer(model, weights);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Overwrites a model's weights with those in a file, all or none; its architecture is the model's, not the file's.
    /// </summary>
    /// <exception cref="DataNotFoundException">The file is not there or may not be read.</exception>
    /// <exception cref="DataFormatException">It is damaged, or its weights do not fit the model.</exception>
    public static void LoadWeights(Sequential model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var archive = KerasArchiveReader.Open(path);
        using var weights = new KerasWeightsFile(archive.Read(WeightsMember), path);
        KerasWeights.ReadInto(model, weights);
    }

    private static Sequential Build(KerasConfig config, Device device, ulong seed, string path)
    {
        try
        {
            return config.Build(device, seed);
        }
        catch (ArgumentException misfit)
        {
            string found = misfit.Message.TrimEnd('.');
            const string cure = "save the model again with layers that fit";
            throw new DataFormatException(path, "layers that fit one another", found, cure, misfit);
        }
    }

    // Stored, not deflated, as Keras does: weights hardly shrink.
    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    // No reader looks at it. The version is the oldest Keras that opens what we write.
    private static byte[] Metadata()
    {
        var metadata = new JsonObject
        {
            ["keras_version"] = "3.3.3",
            ["date_saved"] = DateTime.Now.ToString("yyyy-MM-dd@HH:mm:ss", CultureInfo.InvariantCulture),
        };
        return Encoding.UTF8.GetBytes(metadata.ToJsonString());
    }
}
