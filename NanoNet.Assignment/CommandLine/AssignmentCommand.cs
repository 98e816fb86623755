using System.CommandLine;
using System.CommandLine.Help;

namespace NanoNet.Assignment.CommandLine;

/// <summary>The commands of the program and what each of them runs.</summary>
internal static class AssignmentCommand
{
    /// <summary>The root command; with no command given it does all four exercises.</summary>
    /// <param name="actions">What the commands run.</param>
    public static RootCommand Create(CommandActions actions)
    {
        var options = new CommandOptions();
        var classic = OptionParsing.Flag("--classic", "The table of Keras 2, as in the assignment's text.");

        Command Exercises(string name, string description, Exercise exercises)
        {
            var command = new Command(name, description);
            command.SetAction(parsed => actions.Run(options.Read(parsed), exercises));
            options.Limit(command, options.Of(exercises));
            return command;
        }

        var summary = new Command("summary", "Prints the models' layers, shapes and parameters.") { classic };
        summary.SetAction(parsed => actions.Summary(options.Read(parsed).Models, parsed.GetValue(classic)));
        options.Limit(summary, options.OfSummary);
        var devices = new Command("devices", "Lists the devices found, and why others cannot be used.");
        devices.SetAction(_ => actions.Devices());
        options.Limit(devices, []);

        var root = new RootCommand("A course's assignment on Fashion-MNIST and transfer learning, done with NanoNet.")
        {
            Exercises("all", "All four exercises, first with Model A, then with Model B. The default.", Exercise.All),
            summary,
            Exercises("train", "Exercise 1: trains the models and saves them.", Exercise.Training),
            Exercises("confusion", "Exercise 2: the confusion matrix and the most confused pairs.", Exercise.Confusion),
            Exercises("extremes", "Exercise 3: the most extreme mistakes.", Exercise.Extremes),
            Exercises("transfer", "Exercise 4: transfer learning on handwritten digits.", Exercise.Transfer),
            devices,
        };
        options.AddTo(root);
        root.SetAction(parsed => actions.Run(options.Read(parsed), Exercise.All));

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, options);
        return root;
    }
}
