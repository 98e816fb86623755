using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoNet.Assignment.Exercises;
using NanoNet.Core.Data;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// What figures depend on. Not the number of threads, and not how long the work goes on: neither changes what was
/// computed already.
/// </summary>
internal static class WorkSettings
{
    /// <summary>What an epoch of exercise 1 depends on.</summary>
    public static Dictionary<string, string> OfTraining(Session session, ModelKind kind)
    {
        var fashion = session.Fashion;
        int images = session.Options.ImagesOf(kind, fashion.Train.Count);
        var settings = Common(session, kind);
        settings["data"] = $"{Words.Count(images)} images of {fashion.Name} {Hash(fashion)}";
        return settings;
    }

    /// <summary>What a point of exercise 4 depends on, beside the weights of exercise 1.</summary>
    public static Dictionary<string, string> OfTransfer(Session session, ModelKind kind)
    {
        var digits = session.Digits!;
        var settings = Common(session, kind);
        settings["--transfer-epochs"] = Text(session.Options.EpochsOfTransfer);
        settings["data"] = $"{digits.Name} {Hash(digits)}";
        return settings;
    }

    private static Dictionary<string, string> Common(Session session, ModelKind kind)
    {
        var options = session.Options;
        using var model = AssignmentModels.Create(kind, session.Device, options.Seed);
        return new()
        {
            ["--seed"] = Text(options.Seed),
            ["--batch"] = Text(options.Batch),
            ["--learning-rate"] = Text(options.LearningRate),
            ["device"] = session.DeviceName,
            ["layers"] = Hash(ModelCode.Describe(model)),
        };
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hash(string text) => Short(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Hash(DatasetSplit split)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var images in (ReadOnlySpan<ImageDataset>)[split.Train, split.Test])
        {
            hash.AppendData(images.Images);
            hash.AppendData(images.Labels);
        }

        return Short(hash.GetHashAndReset());
    }

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..8];
}
