using System.CommandLine;
using System.Runtime.InteropServices;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Errors;
using NanoNet.Kernels;

namespace NanoNet.Assignment;

/// <summary>The program: reads the command line, runs the command, and turns every failure into one sentence.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadUsage = 2;
    private const int Stopped = 130;

    // ENOSPC, and ERROR_DISK_FULL as an HRESULT.
    private const int NoSpaceUnix = 28;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    public static int Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return Run(args, System.Console.Out, System.Console.Error, stop.Token);

        // The first signal lets the step under way end; a second one ends the process as it always would.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>
    /// 0 when all went well, 1 when something failed, 2 when the command line is wrong, 130 when the user stopped it.
    /// </returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        try
        {
            var runner = new CommandRunner(Screens.For(output), cancellation);
            var root = AssignmentCommand.Create(new CommandActions(runner.Run, runner.Summary, runner.Devices));
            var parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                error.WriteLine($"{parsed.Errors[0].Message} See --help.");
                return BadUsage;
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // Signals are Main's.
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("Stopped. What was written until now is kept; the same command goes on from here.");
            return Stopped;
        }
        catch (Exception exception) when (!WantsTrace)
        {
            error.WriteLine(Sentence(exception));
            return Failure;
        }
    }

    /// <summary>For whoever mends this program: failures keep their stack traces.</summary>
    private static bool WantsTrace => Environment.GetEnvironmentVariable("NANONET_TRACE") is "1";

    /// <summary>A failure as one sentence, on one line.</summary>
    internal static string Sentence(Exception exception) => exception switch
    {
        IOException { HResult: NoSpaceUnix or NoSpaceWindows } =>
            $"The disk is full ({OneLine(exception.Message)}); make room, and the same command goes on from there.",
        AssignmentException or DataFormatException or DataNotFoundException or DeviceUnavailableException =>
            OneLine(exception.Message),
        IOException or UnauthorizedAccessException =>
            $"A file cannot be used ({OneLine(exception.Message).TrimEnd('.')}); mend that or choose another folder with "
            + "--out, and the same command goes on.",
        OutOfMemoryException => "There is not enough memory; a smaller --batch needs less.",
        _ => $"Something unforeseen went wrong ({exception.GetType().Name}: {OneLine(exception.Message)}); "
            + $"NANONET_TRACE=1 shows where.",
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
