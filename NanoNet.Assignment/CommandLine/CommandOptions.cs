using System.CommandLine;
using NanoNet.Kernels;

namespace NanoNet.Assignment.CommandLine;

/// <summary>The options, which command uses which, and how they become <see cref="RunOptions"/>.</summary>
internal sealed class CommandOptions
{
    /// <summary>So many, each a step an image, are still counted in 32 bits.</summary>
    private const int MostEpochs = 10_000;

    private readonly Option<IReadOnlyList<ModelKind>> _model = OptionParsing.Choice<IReadOnlyList<ModelKind>>(
        "--model", "model", "The model: A (perceptron), B (convolutional) or both. [default: both]",
        ("A", [ModelKind.A]), ("B", [ModelKind.B]), ("both", [ModelKind.A, ModelKind.B]));

    private readonly Option<DeviceChoice> _device = OptionParsing.Choice(
        "--device", "device",
        "Where to compute: auto (CUDA where there is one, else cpu), cuda, opencl, cpu (the SIMD engine) or "
        + "ilgpu-cpu (for debugging). [default: auto]",
        ("auto", DeviceChoice.Auto),
        ("cuda", DeviceChoice.Cuda),
        ("opencl", DeviceChoice.OpenCL),
        ("cpu", DeviceChoice.Cpu),
        ("ilgpu-cpu", DeviceChoice.IlgpuCpu));

    private readonly Option<Precision> _precision = OptionParsing.Choice(
        "--precision", "precision",
        "How matrix products and convolutions multiply: float32, or on tensor cores (NVIDIA GPUs from compute capability "
        + "8.0 on) tf32, with 11 significant bits, or tf32x3, about as exact as float32. [default: float32]",
        ("float32", Precision.Float32),
        ("tf32", Precision.Tf32),
        ("tf32x3", Precision.Tf32x3));

    private readonly Option<int?> _epochs = OptionParsing.Whole(
        "--epochs", "N", "Epochs of exercise 1. [default: 20]", MostEpochs);

    private readonly Option<int?> _batch = OptionParsing.Whole(
        "--batch", "N", "Images of a training step. [default: 32]");

    private readonly Option<float?> _learningRate = OptionParsing.Positive(
        "--learning-rate", "RATE", "The step size of SGD. [default: 0.01]");

    private readonly Option<ulong?> _seed = OptionParsing.Seed(
        "--seed", "The seed of everything random. [default: 42]");

    private readonly Option<int?> _threads = OptionParsing.Whole(
        "--threads", "N", "Threads of the SIMD engine; results do not depend on it. [default: one a core]", most: 1024);

    private readonly Option<string?> _data = OptionParsing.Folder(
        "--data", "A folder that holds fashion-mnist and mnist. [default: NANONET_DATA, else what comes with the "
            + "program; MNIST from the cache or a download]");

    private readonly Option<string?> _out = OptionParsing.Folder(
        "--out", "The folder to write to. [default: output]");

    private readonly Option<int?> _transferEpochs = OptionParsing.Whole(
        "--transfer-epochs", "N", "Epochs of each training of exercise 4. [default: 20]", MostEpochs);

    private readonly Option<int?> _transferStep = OptionParsing.Whole(
        "--transfer-step", "N", "Distance of neighbouring n in exercise 4. [default: 100]");

    private readonly Option<int?> _transferMax = OptionParsing.Whole(
        "--transfer-max", "N", "Largest n of exercise 4. [default: all training digits]");

    private readonly Option<bool> _fullSweep = OptionParsing.Flag(
        "--full-sweep", "Exercise 4 visits every step up to the answer, however long it takes. Without it that is done "
            + "where it is usually less than ten minutes' work (all but Model B on a CPU); else doublings of n and the "
            + "steps around the answer.");

    private readonly Option<bool> _quick = OptionParsing.Flag(
        "--quick", "A shortened run of a few minutes that writes all the same files.");

    private readonly Option<int?> _draws = OptionParsing.Whole(
        "--draws", "N", "Random draws of exercise 4 at the doublings of n and around the answer, the curve's own "
            + "included. [default: 3]", most: 100);

    private readonly Option<int?> _convergeSteps = OptionParsing.Whole(
        "--converge-steps", "N", "Exercise 4 trains a few n again until converged, but at most for so many steps "
            + "each; 0 leaves that out. [default: 20000 with Model A, 3000 with Model B]", least: 0);

    private readonly Dictionary<Command, Option[]> _unused = [];

    public CommandOptions() => _transferMax.Validators.Add(result =>
    {
        int step = OptionParsing.WholeIn(result.GetResult(_transferStep)) ?? new RunOptions().StepOfTransfer;
        if (OptionParsing.WholeIn(result) is { } most && most < step)
        {
            result.AddError(
                $"--transfer-max {most} is less than one step of {step}; raise it or lower --transfer-step.");
        }
    });

    /// <summary>Commands that use it can be stopped and go on.</summary>
    public Option<bool> Fresh { get; } = OptionParsing.Flag(
        "--fresh", "Begins anew. Without it the same command goes on where it was stopped, and what is done already "
            + "stays as it is.");

    private IEnumerable<Option> All =>
    [
        _model, _device, _precision, _epochs, _batch, _learningRate, _seed, _threads, _data, _out,
        _transferEpochs, _transferStep, _transferMax, _draws, _convergeSteps, _fullSweep, _quick, Fresh,
    ];

    /// <summary>What the summary of a model depends on.</summary>
    public IEnumerable<Option> OfSummary => [_model];

    /// <summary>What exercises depend on.</summary>
    public IEnumerable<Option> Of(Exercise exercises)
    {
        bool trains = exercises.HasFlag(Exercise.Training);
        bool transfers = exercises.HasFlag(Exercise.Transfer);
        return
        [
            _model, _device, _precision, _threads, _data, _out,
            .. trains ? (Option[])[_epochs] : [],
            .. trains || transfers ? (Option[])[_batch, _learningRate, _seed, _quick, Fresh] : [],
            .. transfers
                ? (Option[])[_transferEpochs, _transferStep, _transferMax, _draws, _convergeSteps, _fullSweep]
                : [],
        ];
    }

    /// <summary>Gives the options to a command and all its subcommands, wherever on the line they stand.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>Refuses the options that a command does not use: nobody shall think that they do something.</summary>
    public void Limit(Command command, IEnumerable<Option> used)
    {
        Option[] others = [.. All.Except(used)];
        _unused[command] = others;
        command.Validators.Add(result =>
        {
            foreach (var option in others.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"{command.Name} does not use {option.Name}.");
            }
        });
    }

    /// <summary>The options that a command does not use.</summary>
    public IReadOnlyList<Option> UnusedBy(Command command) => _unused.GetValueOrDefault(command, []);

    /// <summary>What the user asked for.</summary>
    public RunOptions Read(ParseResult parsed)
    {
        var defaults = new RunOptions();
        return new RunOptions
        {
            Models = parsed.GetValue(_model) ?? defaults.Models,
            Device = parsed.GetValue(_device),
            Precision = parsed.GetValue(_precision),
            Epochs = parsed.GetValue(_epochs),
            Batch = parsed.GetValue(_batch) ?? defaults.Batch,
            LearningRate = parsed.GetValue(_learningRate) ?? defaults.LearningRate,
            Seed = parsed.GetValue(_seed) ?? defaults.Seed,
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
            Data = parsed.GetValue(_data),
            Out = parsed.GetValue(_out) ?? defaults.Out,
            TransferEpochs = parsed.GetValue(_transferEpochs),
            TransferStep = parsed.GetValue(_transferStep),
            TransferMax = parsed.GetValue(_transferMax),
            Draws = parsed.GetValue(_draws) ?? defaults.Draws,
            ConvergeSteps = parsed.GetValue(_convergeSteps),
            FullSweep = parsed.GetValue(_fullSweep),
            Quick = parsed.GetValue(_quick),
            Fresh = parsed.GetValue(Fresh),
        };
    }
}
