using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Resume;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Data;
using NanoNet.Core.Files;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>What the exercises share: options, device, data, the place for results, and the user's screen.</summary>
internal sealed class Session : IDisposable
{
    private readonly ResultsFile _results;
    private readonly Dictionary<ModelKind, Predictions> _predictions = [];
    private readonly Dictionary<ModelKind, string> _arithmetics = [];
    private Examples? _test;

    public Session(
        RunOptions options, IScreen screen, Device device, OutputFolder output, ResultsFile results,
        CancellationToken cancellation)
    {
        Options = options;
        Screen = screen;
        Device = device;
        Output = output;
        _results = results;
        Cancellation = cancellation;
    }

    public RunOptions Options { get; }

    public IScreen Screen { get; }

    /// <summary>Where everything is computed; not the session's own.</summary>
    public Device Device { get; }

    public OutputFolder Output { get; }

    /// <summary>Set when the user wants to stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Fashion-MNIST.</summary>
    public required DatasetSplit Fashion { get; init; }

    /// <summary>MNIST; null when exercise 4 is not part of the command.</summary>
    public DatasetSplit? Digits { get; init; }

    /// <summary>The device's family and name. Not its threads: results do not depend on them.</summary>
    public string DeviceName => DeviceNames.Of(Device.Info, Options.Precision);

    /// <summary>Fashion-MNIST's test images on the device.</summary>
    public Examples Test => _test ??= Examples.FromImages(Device, Fashion.Test);

    /// <summary>What is known of a model so far.</summary>
    public ModelResults ResultsOf(ModelKind kind) => _results.Results.Models[kind] ?? new ModelResults();

    /// <summary>Writes a part of a model's results, and the report that follows from them.</summary>
    public void Update(ModelKind kind, Func<ModelResults, ModelResults> change)
    {
        _results.Update(results => (results with { Device = DeviceName, Seed = Options.Seed }).With(kind, change));
        AtomicFile.WriteText(Output.Report, ReportWriter.Write(_results.Results));
    }

    /// <summary>Writes the report as a page, with the pictures that are there now; for the end of a part.</summary>
    public void WritePage()
    {
        Comparison.Draw(this);
        string text = ReportWriter.Write(_results.Results);
        AtomicFile.WriteText(Output.Report, text);
        AtomicFile.WriteText(Output.ReportPage, HtmlReport.Write(text, Output.Root));
    }

    /// <summary>What the saved model makes of the test images; computed once for exercises 2 and 3.</summary>
    public Predictions PredictionsOf(ModelKind kind)
    {
        if (!_predictions.TryGetValue(kind, out var predictions))
        {
            using var model = TrainedModels.Load(this, kind);
            predictions = Predictions.Of(model, Test, Fashion.Test, Cancellation);
            _predictions[kind] = predictions;
        }

        return predictions;
    }

    /// <summary>By which sums this version trains a model on this device.</summary>
    public string ArithmeticOf(ModelKind kind)
    {
        if (!_arithmetics.TryGetValue(kind, out string? arithmetic))
        {
            _arithmetics[kind] = arithmetic = Arithmetic.Of(this, kind);
        }

        return arithmetic;
    }

    /// <summary>A model was trained anew: what was predicted with the old one no longer counts.</summary>
    public void Forget(ModelKind kind) => _predictions.Remove(kind);

    public void Dispose() => _test?.Dispose();
}
