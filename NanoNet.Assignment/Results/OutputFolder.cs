using NanoNet.Assignment.Plots;

namespace NanoNet.Assignment.Results;

/// <summary>The names of all files under --out.</summary>
/// <param name="root">The folder.</param>
internal sealed class OutputFolder(string root)
{
    /// <summary>The folder as the user gave it, for messages.</summary>
    public string Given { get; } = root;

    /// <summary>The folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Makes the folder, if it is not there.</summary>
    /// <exception cref="AssignmentException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AssignmentException($"The folder {Given} cannot be made; choose another with --out.", exception);
        }
    }

    public string Results => InRoot("results.json");

    public string Report => InRoot("report.md");

    public string Model(ModelKind kind) => Path.Combine(Root, "models", $"model-{Letter(kind)}.keras");

    public string HistoryTable(ModelKind kind) => InRoot($"history-{Letter(kind)}.csv");

    public string HistoryPicture(ModelKind kind) => InRoot($"history-{Letter(kind)}.png");

    public string ConfusionPicture(ModelKind kind) => InRoot($"confusion-{Letter(kind)}.png");

    public string ErrorsPicture(ModelKind kind) => InRoot($"confusion-{Letter(kind)}-errors.png");

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
