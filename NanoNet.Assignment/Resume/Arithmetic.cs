using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NanoNet.Assignment.Exercises;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Training;
using NanoNet.Kernels;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// Tells versions of this program apart by what they compute. Work that one version began and another, which adds in
/// another order, went on with would be neither's.
/// </summary>
/// <remarks>
/// Two training steps and a prediction, hashed, tell more than a version's number: a version that computes the same
/// goes on with another's work, and nobody needs to remember to count up. They cost less than a second.
/// </remarks>
internal static class Arithmetic
{
    /// <summary>
    /// To be counted up when what a piece of work consists of changes in a way that no sum shows: which digits a draw
    /// takes, what a test counts.
    /// </summary>
    private const int Meaning = 1;

    private const int Steps = 2;

    /// <summary>Two whole batches of a prediction: its products are larger than training's and may add otherwise.</summary>
    private const int Images = 256;

    /// <summary>"1-0123abcd": equal where weights and predictions come out the same, to the bit.</summary>
    public static string Of(Session session, ModelKind kind)
    {
        string sums = session.Device.Info.Kind == DeviceKind.IlgpuCpu && kind == ModelKind.B
            // Minutes on the device for debugging, where nobody trains Model B.
            ? "unknown"
            : Sums(session, kind);
        return string.Create(CultureInfo.InvariantCulture, $"{Meaning}-{sums}");
    }

    private static string Sums(Session session, ModelKind kind)
    {
        var options = session.Options;
        var train = session.Fashion.Train;
        using var examples = Examples.FromImages(session.Device, train.Take(Math.Min(Images, train.Count)));
        int trained = (int)Math.Min((long)Steps * options.Batch, examples.Count);
        using var some = examples.Subset([.. Enumerable.Range(0, trained)]);
        using var model = AssignmentModels.Create(kind, session.Device, options.Seed);
        model.Compile(new Sgd(options.LearningRate));
        model.Fit(some, new FitOptions { BatchSize = options.Batch }, session.Cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] values in (float[][])[.. model.GetWeights(), model.Predict(examples)])
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
    }
}
