using System.Diagnostics;
using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Resume;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Data;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Assignment.CommandLine;

/// <summary>Runs the commands.</summary>
internal sealed class CommandRunner(IScreen screen, CancellationToken cancellation)
{
    private static readonly TimeSpan WorthMentioning = TimeSpan.FromSeconds(20);

    /// <summary>Does some exercises, all of them with one model before the next: pictures come early.</summary>
    public int Run(RunOptions options, Exercise exercises)
    {
        // Whatever can be wrong with the command is found before anything takes time.
        var output = new OutputFolder(options.Out);
        if (!exercises.HasFlag(Exercise.Training))
        {
            foreach (var kind in options.Models)
            {
                TrainedModels.Require(output, kind);
            }
        }

        var results = ResultsFile.Open(output.Results);
        if (!DrawsAtRandom(exercises))
        {
            options = options with { Seed = results.Results.Seed };
        }

        using var device = Device.Open(options.Device, options.Threads, precision: options.Precision);
        bool transfers = exercises.HasFlag(Exercise.Transfer);
        screen.Say($"Device  {DeviceNames.Of(device.Info, options.Precision)}, {device.Info.Description}");
        var fashion = FashionMnist.Load(options.Data);
        screen.Say($"Data    {fashion.Source}");
        var digits = transfers ? Mnist.Load(options.Data, line => screen.Say($"        {line}")) : null;
        if (digits is not null)
        {
            screen.Say($"        {digits.Source}");
        }

        using var session = new Session(options, screen, device, output, results, cancellation)
        {
            Fashion = fashion,
            Digits = digits,
        };
        using var claim = output.Claim();
        BeginOrGoOn(session, exercises);
        SayPlan(options, exercises);
        var plan = TimePlan.Make(session, exercises);
        SayLabelled("Time", plan?.Describe(options) ?? []);
        foreach (var kind in options.Models)
        {
            Run(session, exercises, kind, plan);
        }

        screen.Say();
        SayWhereEverythingIs(options);
        return 0;
    }

    /// <summary>Prints the models' tables.</summary>
    public int Summary(IReadOnlyList<ModelKind> models, bool classic)
    {
        using var device = Device.Open(DeviceChoice.Cpu);
        foreach (var kind in models)
        {
            using var model = AssignmentModels.Create(kind, device, seed: 0);
            screen.Say(model.Summary(classic ? SummaryStyle.Classic : SummaryStyle.Keras3));
        }

        return 0;
    }

    /// <summary>Lists the devices.</summary>
    public int Devices()
    {
        screen.Table(
            ["--device", "Usable", "Name", "What it is, or why it cannot be used"],
            DeviceCatalog.List().Select(report => new[]
            {
                DeviceNames.Of(report.Kind), report.IsUsable ? "yes" : "no", report.Name, report.Explanation,
            }));
        return 0;
    }

    /// <summary>
    /// Forgets the work of earlier runs where the user wants to begin anew. Otherwise refuses it if it was done with
    /// other settings, for both models and before anything takes time.
    /// </summary>
    private static void BeginOrGoOn(Session session, Exercise exercises)
    {
        foreach (var kind in session.Options.Models)
        {
            if (exercises.HasFlag(Exercise.Training))
            {
                var training = new TrainingCheckpoint(session, kind);
                Do(() => training.Open(), training.Delete);
            }

            if (exercises.HasFlag(Exercise.Transfer))
            {
                var transfer = new TransferCheckpoint(session, kind);
                Do(() => transfer.Open(), transfer.Delete);
            }
        }

        void Do(Action open, Action delete) => (session.Options.Fresh ? delete : open)();
    }

    private static void Run(Session session, Exercise exercises, ModelKind kind, TimePlan? plan)
    {
        Do(Exercise.Training, Training.Run);
        Do(Exercise.Confusion, Confusion.Run);
        Do(Exercise.Extremes, Extremes.Run);
        Do(Exercise.Transfer, Transfer.Run);

        void Do(Exercise exercise, Action<Session, ModelKind> run)
        {
            if (!exercises.HasFlag(exercise))
            {
                return;
            }

            var time = Stopwatch.StartNew();
            run(session, kind);
            session.WritePage();
            plan?.Done(kind, exercise, time.Elapsed);
            if (plan?.Left > WorthMentioning)
            {
                session.Screen.Say($"  About {Words.Duration(plan.Left)} left in all.");
            }
        }
    }

    private static bool DrawsAtRandom(Exercise exercises) =>
        exercises.HasFlag(Exercise.Training) || exercises.HasFlag(Exercise.Transfer);

    private void SayLabelled(string label, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            screen.Say(label.PadRight(8) + line);
            label = "";
        }
    }

    private void SayWhereEverythingIs(RunOptions options)
    {
        string In(string name) => Path.Combine(options.Out, name);
        screen.Say("Done.");
        screen.Say($"Report  {In("report.html")} for the browser, pictures inside; {In("report.md")} as text");
        screen.Say($"Numbers {In("results.json")}, and {In("*.csv")} of the curves");
        screen.Say($"Models  {In("models")}, which Keras opens; pictures {In("*.png")}");
    }

    private void SayPlan(RunOptions options, Exercise exercises)
    {
        string models = options.Models.Count == 1 ? $"Model {options.Models[0]}" : "Model A, then Model B";
        string numbers = exercises == Exercise.All
            ? "exercises 1 to 4"
            : "exercise " + (1 + int.Log2((int)exercises));
        string how = DrawsAtRandom(exercises)
            ? $"batch {options.Batch}, learning rate {options.LearningRate}, seed {options.Seed}, "
            : "";
        screen.Say($"Plan    {numbers} with {models}: {how}into {options.Out}");
        SayLabelled("Quick", options.Shortened(
            exercises.HasFlag(Exercise.Training), exercises.HasFlag(Exercise.Transfer)));
    }
}
