using System.Text.Json;
using NanoNet.Core.Files;

namespace NanoNet.Assignment.Results;

/// <summary>
/// results.json: read at the start, so that a command replaces only its own part, and written after each change.
/// </summary>
internal sealed class ResultsFile
{
    private readonly string _path;

    private ResultsFile(string path, RunResults results)
    {
        _path = path;
        Results = results;
    }

    /// <summary>What is known so far.</summary>
    public RunResults Results { get; private set; }

    /// <summary>Opens the file, or begins one that is not there yet; nothing is written.</summary>
    /// <exception cref="AssignmentException">It is not what this program writes.</exception>
    public static ResultsFile Open(string path)
    {
        if (!File.Exists(path))
        {
            return new(path, new RunResults());
        }

        try
        {
            var results = JsonSerializer.Deserialize<RunResults>(File.ReadAllText(path), ResultsFormat.Indented);
            return new(path, results ?? new RunResults());
        }
        catch (JsonException exception)
        {
            throw new AssignmentException(
                $"{path} is not a results file of this program (line {exception.LineNumber + 1}); delete it or choose "
                + "another folder with --out.", exception);
        }
    }

    /// <summary>Changes the results and writes them.</summary>
    public void Update(Func<RunResults, RunResults> change)
    {
        Results = change(Results);
        AtomicFile.WriteText(_path, ToJson(Results));
    }

    /// <summary>The text of the file.</summary>
    public static string ToJson(RunResults results) => JsonSerializer.Serialize(results, ResultsFormat.Indented) + "\n";
}
