namespace NanoNet.Core.Errors;

/// <summary>
/// A file is not what it should be: damaged, cut short, or of another kind. The message is one sentence for the user:
/// which file, what was expected, what came, and the cure.
/// </summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Describes one file that cannot be used.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="expected">What a good file has there, after "expected".</param>
    /// <param name="received">What this one has, after "but found".</param>
    /// <param name="cure">What the user can do, in the imperative.</param>
    /// <param name="inner">The failure underneath, if there was one.</param>
    public DataFormatException(string file, string expected, string received, string cure, Exception? inner = null)
        : base($"{file}: expected {expected}, but found {received}; {cure}.", inner)
    {
        File = file;
        Expected = expected;
        Received = received;
    }

    /// <summary>The path of the file.</summary>
    public string File { get; }

    /// <summary>What a good file has.</summary>
    public string Expected { get; }

    /// <summary>What this file has.</summary>
    public string Received { get; }
}
