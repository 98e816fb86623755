using System.Text.Json;
using NanoNet.Assignment.Results;
using NanoNet.Core.Files;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// The file that says how far a piece of work is. It is replaced whole, so whoever stops the program, in whatever way
/// and at whatever moment, leaves a state from which the same command goes on.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="work">What the work is, with a capital: "The training of Model A in output".</param>
internal sealed class Checkpoint<TState>(string path, string work)
    where TState : WorkState
{
    /// <summary>The state from which work with these settings goes on, or null where it begins.</summary>
    /// <param name="settings">What the work about to be done depends on.</param>
    /// <param name="quick">Whether that is a taste.</param>
    /// <param name="say">Told when the remains of a taste are dropped.</param>
    /// <exception cref="AssignmentException">
    /// There is work done with other settings, which must not be mixed with this, or the file is damaged.
    /// </exception>
    public TState? Open(Dictionary<string, string> settings, bool quick, Action<string>? say = null)
    {
        if (Read() is not { } state)
        {
            return null;
        }

        if (Difference(state.Settings, settings) is not { } difference)
        {
            return state;
        }

        if (state.Quick && !quick)
        {
            say?.Invoke("What a --quick run left here is replaced.");
            return null;
        }

        throw Refusal($"was done with {difference}");
    }

    /// <summary>Replaces the state.</summary>
    public void Write(TState state) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(state, ResultsFormat.Indented) + "\n");

    /// <summary>Forgets the work.</summary>
    public void Delete()
    {
        // Deleting what is not there is no error, but in a folder that is not there it is.
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>A sentence for work that would have to go on by other sums than it began with.</summary>
    public AssignmentException OtherArithmetic(TState state, string now)
    {
        string computes = state.Arithmetic is null ? "may compute" : "computes";
        return Refusal($"cannot go on, because another version of this program began it, which {computes} otherwise "
            + $"({state.Arithmetic ?? "unknown"} instead of {now})");
    }

    /// <summary>A sentence that says why the work cannot go on, and what to do.</summary>
    public AssignmentException Refusal(string reason, Exception? inner = null) =>
        new($"{work} {reason}; --fresh begins it anew, --out DIR leaves it alone.", inner);

    private TState? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TState>(File.ReadAllText(path), ResultsFormat.Indented)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw Refusal($"cannot go on, because {Path.GetFileName(path)} is damaged", exception);
        }
    }

    /// <summary>"--seed 42 instead of 43", or null where nothing differs.</summary>
    private static string? Difference(Dictionary<string, string> old, Dictionary<string, string> now)
    {
        var differences = now.Keys.Union(old.Keys)
            .Where(name => old.GetValueOrDefault(name) != now.GetValueOrDefault(name))
            .Select(name => $"{name} {old.GetValueOrDefault(name, "none")} instead of "
                + now.GetValueOrDefault(name, "none"))
            .ToList();
        return differences.Count == 0 ? null : Words.List(differences);
    }
}
