using System.Globalization;
using NanoNet.Assignment.Plots;
using NanoNet.Core.Files;

namespace NanoNet.Assignment.Results;

/// <summary>The names of all files under --out.</summary>
/// <param name="root">The folder.</param>
internal sealed class OutputFolder(string root)
{
    private const string Checkpoints = "checkpoints";

    // What says that a disk is read only: EROFS, and ERROR_WRITE_PROTECT.
    private const int ReadOnlyUnix = 30;
    private const int ReadOnlyWindows = unchecked((int)0x80070013);

    // What says that a file is open elsewhere: EWOULDBLOCK on Linux and on macOS, and ERROR_SHARING_VIOLATION.
    private const int LockedUnix = 11;
    private const int LockedMac = 35;
    private const int LockedWindows = unchecked((int)0x80070020);

    /// <summary>The folder as the user gave it, for messages.</summary>
    public string Given { get; } = root;

    /// <summary>The folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>
    /// Makes the folder if it is not there, keeps other runs out of it until the result is disposed, and clears away
    /// what a run that was killed had not finished writing.
    /// </summary>
    /// <exception cref="AssignmentException">
    /// It cannot be made or written to, or another run is writing to it.
    /// </exception>
    /// <exception cref="IOException">Something else, such as a full disk.</exception>
    public IDisposable Claim()
    {
        try
        {
            Directory.CreateDirectory(Root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AssignmentException(
                $"The folder {Given} cannot be made ({exception.Message.TrimEnd('.')}); choose another with --out.",
                exception);
        }

        var claim = Lock();
        DeleteRemains();
        return claim;
    }

    private FileStream Lock()
    {
        try
        {
            // The lock goes when the process goes, however it ends.
            return new FileStream(
                InRoot(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception exception)
            when (exception is UnauthorizedAccessException or IOException { HResult: ReadOnlyUnix or ReadOnlyWindows })
        {
            throw new AssignmentException(
                $"The folder {Given} may not be written to; choose another with --out.", exception);
        }
        catch (IOException exception) when (exception.HResult is LockedUnix or LockedMac or LockedWindows)
        {
            throw new AssignmentException(
                $"Another run is writing to {Given}; wait for its end or choose another folder with --out.", exception);
        }
    }

    private void DeleteRemains()
    {
        foreach (string folder in (string[])[Root, InRoot("models"), InRoot(Checkpoints)])
        {
            foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            {
                if (AtomicFile.IsUnfinished(Path.GetFileName(path)))
                {
                    File.Delete(path);
                }
            }
        }
    }

    public string Results => InRoot("results.json");

    public string Report => InRoot("report.md");

    public string ReportPage => InRoot("report.html");

    public string Model(ModelKind kind) => Path.Combine(Root, "models", $"model-{Letter(kind)}.keras");

    /// <summary>Where the training of a model stands.</summary>
    public string TrainingState(ModelKind kind) => InCheckpoints($"train-{Letter(kind)}.json");

    /// <summary>Where exercise 4 stands with a model.</summary>
    public string TransferState(ModelKind kind) => InCheckpoints($"transfer-{Letter(kind)}.json");

    /// <summary>A file from which interrupted work goes on.</summary>
    public string InCheckpoints(string name) => Path.Combine(Root, Checkpoints, name);

    /// <summary>The name of the file with a model's weights after an epoch.</summary>
    public static string EpochWeights(ModelKind kind, int epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"train-{Letter(kind)}-epoch-{epoch}.keras");

    /// <summary>Deletes the weights of earlier epochs.</summary>
    public void DeleteEpochWeights(ModelKind kind, string except)
    {
        foreach (string path in Directory.GetFiles(InCheckpoints(""), $"train-{Letter(kind)}-epoch-*.keras"))
        {
            if (Path.GetFileName(path) != except)
            {
                File.Delete(path);
            }
        }
    }

    public string HistoryTable(ModelKind kind) => InRoot($"history-{Letter(kind)}.csv");

    public string HistoryPicture(ModelKind kind) => InRoot($"history-{Letter(kind)}.png");

    public string ConfusionPicture(ModelKind kind) => InRoot($"confusion-{Letter(kind)}.png");

    public string ErrorsPicture(ModelKind kind) => InRoot($"confusion-{Letter(kind)}-errors.png");

    public string SharesPicture(ModelKind kind) => InRoot($"confusion-{Letter(kind)}-percent.png");

    public string PairsPicture(ModelKind kind) => InRoot($"pairs-{Letter(kind)}.png");

    public string FiltersPicture(ModelKind kind) => InRoot($"filters-{Letter(kind)}.png");

    public string FeaturesPicture(ModelKind kind) => InRoot($"features-{Letter(kind)}.png");

    public string ComparisonPicture => InRoot("comparison.png");

    public string ExtremesPicture(ModelKind kind, Extreme extreme) =>
        InRoot($"extremes-{Letter(kind)}-{Name(extreme)}.png");

    public string TransferTable(ModelKind kind) => InRoot($"transfer-{Letter(kind)}.csv");

    public string TransferPicture(ModelKind kind) => InRoot($"transfer-{Letter(kind)}.png");

    private static string Letter(ModelKind kind) => kind == ModelKind.A ? "a" : "b";

    private static string Name(Extreme extreme) => extreme switch
    {
        Extreme.LowestLoss => "loss-lowest",
        Extreme.HighestLoss => "loss-highest",
        Extreme.LowestProbability => "probability-lowest",
        _ => "probability-highest",
    };

    private string InRoot(string name) => Path.Combine(Root, name);
}
