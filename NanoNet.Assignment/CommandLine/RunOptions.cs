using NanoNet.Kernels;

namespace NanoNet.Assignment.CommandLine;

/// <summary>What the user asked for, shortened by --quick where the user did not say otherwise.</summary>
internal sealed record RunOptions
{
    /// <summary>The n of exercise 4 under --quick.</summary>
    public static readonly int[] QuickSizes = [100, 300, 1000];

    private const int QuickImagesOfB = 6000;
    private const int QuickTransferEpochs = 10;

    /// <summary>Steps after which a training until converged is given up. Model B's cost a hundredfold.</summary>
    private const int ConvergeStepsOfA = 20000;
    private const int ConvergeStepsOfB = 3000;
    private const int QuickConvergeStepsOfA = 5000;

    public IReadOnlyList<ModelKind> Models { get; init; } = [ModelKind.A, ModelKind.B];

    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>How the device multiplies.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Epochs of exercise 1 as the user gave them, or null.</summary>
    public int? Epochs { get; init; }

    public int Batch { get; init; } = 32;

    public float LearningRate { get; init; } = 0.01f;

    public ulong Seed { get; init; } = 42;

    /// <summary>Threads of the SIMD engine; 0 for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>The folder that holds the data, or null.</summary>
    public string? Data { get; init; }

    public string Out { get; init; } = "output";

    /// <summary>Epochs of each training of exercise 4 as the user gave them, or null.</summary>
    public int? TransferEpochs { get; init; }

    /// <summary>The distance of neighbouring n as the user gave it, or null.</summary>
    public int? TransferStep { get; init; }

    /// <summary>The largest n as the user gave it, or null.</summary>
    public int? TransferMax { get; init; }

    /// <summary>Whether exercise 4 visits every step, however long that takes.</summary>
    public bool FullSweep { get; init; }

    /// <summary>How often some n of exercise 4 are drawn, the sweep's own draw included.</summary>
    public int Draws { get; init; } = 3;

    /// <summary>Steps after which training until converged is given up, as the user gave them, or null.</summary>
    public int? ConvergeSteps { get; init; }

    public bool Quick { get; init; }

    /// <summary>Whether to begin anew where an earlier run left work half or wholly done.</summary>
    public bool Fresh { get; init; }

    /// <summary>Epochs of exercise 1.</summary>
    public int EpochsOf(ModelKind kind) => Epochs ?? (Quick ? kind == ModelKind.A ? 5 : 1 : 20);

    /// <summary>How many of the training images exercise 1 uses.</summary>
    public int ImagesOf(ModelKind kind, int available) =>
        Quick && kind == ModelKind.B ? Math.Min(QuickImagesOfB, available) : available;

    /// <summary>Epochs of each training of exercise 4.</summary>
    public int EpochsOfTransfer => TransferEpochs ?? (Quick ? QuickTransferEpochs : 20);

    /// <summary>The distance of neighbouring n.</summary>
    public int StepOfTransfer => TransferStep ?? 100;

    /// <summary>The only n that exercise 4 visits, or null when it looks for the answer itself.</summary>
    public IReadOnlyList<int>? SizesOfTransfer =>
        Quick && !FullSweep && TransferStep is null && TransferMax is null ? QuickSizes : null;

    /// <summary>Steps after which training until converged is given up; 0 where it is left out.</summary>
    public int ConvergeStepsOf(ModelKind kind) => ConvergeSteps ?? (kind, Quick) switch
    {
        (ModelKind.A, false) => ConvergeStepsOfA,
        (ModelKind.A, true) => QuickConvergeStepsOfA,
        (_, false) => ConvergeStepsOfB,
        _ => 0,
    };

    /// <summary>The n that are trained until converged.</summary>
    public IReadOnlyList<int> ConvergeSizesOf(ModelKind kind) => (kind, Quick) switch
    {
        (ModelKind.A, false) => [StepOfTransfer, 4 * StepOfTransfer, 16 * StepOfTransfer],
        _ => [StepOfTransfer],
    };

    /// <summary>The largest n that --quick draws more than once.</summary>
    public static int QuickDrawsUpTo(ModelKind kind) => kind == ModelKind.A ? 300 : 100;

    /// <summary>What --quick shortens, in words; empty without it.</summary>
    /// <param name="training">Whether exercise 1 is part of the command.</param>
    /// <param name="transfer">Whether exercise 4 is.</param>
    public IEnumerable<string> Shortened(bool training, bool transfer)
    {
        if (!Quick)
        {
            yield break;
        }

        foreach (var kind in training ? Models : [])
        {
            string epochs = Words.Number(EpochsOf(kind), "epoch");
            string insteadOf = Epochs is null ? "instead of 20" : "as you asked";
            yield return $"Model {kind} trains for {epochs} {insteadOf}"
                + (kind == ModelKind.B ? $", on the first {Words.Count(QuickImagesOfB)} images only" : "");
        }

        if (transfer && SizesOfTransfer is { } sizes)
        {
            yield return $"exercise 4 visits only n = {string.Join(", ", sizes.Select(n => Words.Count(n)))}";
        }

        if (transfer && SizesOfTransfer is not null && Draws > 1)
        {
            var repeated = Models.Select(kind => $"n up to {QuickDrawsUpTo(kind)} with Model {kind}");
            yield return $"only {Words.List([.. repeated])} are drawn {Draws} times";
        }

        if (transfer && ConvergeSteps is null)
        {
            yield return Models.Contains(ModelKind.B)
                ? "Model B is not trained until converged"
                : $"only n = {Words.Count(StepOfTransfer)} is trained until converged";
        }

        if (transfer && TransferEpochs is null)
        {
            yield return $"exercise 4 trains for {EpochsOfTransfer} epochs instead of 20";
        }
    }
}
