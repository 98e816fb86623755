using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NanoNet.Assignment.Results;
using NanoNet.Core.Errors;
using NanoNet.Core.Models;

namespace NanoNet.Assignment.Exercises;

/// <summary>The models that exercise 1 saved.</summary>
internal static class TrainedModels
{
    /// <summary>Ends the program with a sentence when a model that is needed was not trained yet.</summary>
    /// <exception cref="AssignmentException">It was not.</exception>
    public static void Require(OutputFolder output, ModelKind kind)
    {
        if (!File.Exists(output.Model(kind)))
        {
            string file = Path.GetFileName(output.Model(kind));
            throw new AssignmentException($"There is no trained Model {kind} in {output.Given} (models/{file}); "
                + $"make it with: train --model {kind} --out {output.Given}");
        }
    }

    /// <summary>Loads one. It draws its random numbers from this run's seed, whatever it was trained with.</summary>
    /// <exception cref="AssignmentException">It is not there, or it is another model.</exception>
    public static Sequential Load(Session session, ModelKind kind)
    {
        Require(session.Output, kind);
        return Load(session, kind, session.Output.Model(kind));
    }

    /// <summary>Loads one from any file.</summary>
    /// <exception cref="AssignmentException">It is another model.</exception>
    public static Sequential Load(Session session, ModelKind kind, string path)
    {
        using var saved = Sequential.Load(path, session.Device);
        var model = AssignmentModels.Create(kind, session.Device, session.Options.Seed);
        try
        {
            model.SetWeights(saved.GetWeights());
            return model;
        }
        catch (ShapeException exception)
        {
            model.Dispose();
            string received = Words.Count(saved.ParameterCount);
            string expected = Words.Count(model.ParameterCount);
            throw new AssignmentException(
                $"{path} holds another model than Model {kind} ({received} instead of {expected} parameters, or other "
                + $"layers); make it again with: train --model {kind} --out {session.Output.Given}", exception);
        }
    }

    /// <summary>The first digits of a hash of all weights, to tell whether results belong to the same model.</summary>
    public static string Fingerprint(Sequential model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] weights in model.GetWeights())
        {
            hash.AppendData(MemoryMarshal.AsBytes(weights.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
