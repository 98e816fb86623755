using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NanoNet.Assignment.CommandLine;

/// <summary>
/// The library's help with the options that the command uses, and below it command lines to start from and what the
/// exit codes mean.
/// </summary>
internal sealed class HelpWithExamples(HelpAction help, CommandOptions options) : SynchronousCommandLineAction
{
    private const string Program = "dotnet run --project NanoNet.Assignment";

    private const string GoingOn = """
        Going on:
          A run that was stopped, by Ctrl-C, kill -9 or a full disk, goes on when the
          same command is given again, and ends in the very figures of a run that
          nobody disturbed. What is done is not done again; more --epochs go on from
          the last. Other settings are refused, naming the difference: --fresh begins
          anew, --out DIR keeps both.

        """;

    private const string ExitCodes = """
        Exit codes:
          0    all is done
          1    something failed; one sentence on the error stream says what
          2    the command line is wrong
          130  stopped by Ctrl-C or SIGTERM; the same command goes on from there

        """;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var unused = options.UnusedBy(command);
        foreach (var option in unused)
        {
            option.Hidden = true;
        }

        int code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"Examples, each after '{Program} --':");
        var examples = ExamplesOf(command.Name);
        int width = examples.Max(example => example.Arguments.Length);
        foreach (var (arguments, meaning) in examples)
        {
            output.WriteLine($"  {arguments.PadRight(width)}  {meaning}");
        }

        output.WriteLine();
        if (!unused.Contains(options.Fresh))
        {
            output.WriteLine(GoingOn);
        }

        output.WriteLine(ExitCodes);
        return code;
    }

    private static (string Arguments, string Meaning)[] ExamplesOf(string command) => command switch
    {
        "summary" =>
        [
            ("summary", "both tables, as Keras 3 prints them"),
            ("summary --model A --classic", "Model A's, as in the assignment's text"),
        ],
        "train" =>
        [
            ("train --model A", "exercise 1 with Model A, half a minute"),
            ("train --model A --epochs 40", "twenty epochs more"),
            ("train --seed 7 --out output-7", "other random numbers, in a folder of their own"),
        ],
        "confusion" => [("confusion --model A", "exercise 2 with the model that train saved")],
        "extremes" => [("extremes --model A", "exercise 3 with the model that train saved")],
        "transfer" =>
        [
            ("transfer --model A", "exercise 4 with the trained model"),
            ("transfer --device cuda --full-sweep", "every n up to the answer"),
            ("transfer --model A --fresh", "all points of exercise 4 again"),
        ],
        "devices" => [("devices", "what there is to compute on, and why the rest is not")],
        _ =>
        [
            ("--quick", "all files in a few minutes"),
            ("all", "the whole assignment, as without a command"),
            ("train --model A", "exercise 1 with Model A"),
            ("extremes --model A", "exercise 3 with the model that train saved"),
            ("transfer --model B --device cuda", "exercise 4 on an NVIDIA GPU"),
            ("devices", "what there is to compute on"),
        ],
    };
}
