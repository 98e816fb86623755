using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NanoNet.Assignment.CommandLine;

/// <summary>The library's help, and below it a few command lines to start from.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Examples = """
        Examples:
          dotnet run --project NanoNet.Assignment -- --quick             all files in a few minutes
          dotnet run --project NanoNet.Assignment                        the whole assignment
          dotnet run --project NanoNet.Assignment -- train --model A     exercise 1 with Model A
          dotnet run --project NanoNet.Assignment -- extremes --model A  exercise 3 with the model that train saved
          dotnet run --project NanoNet.Assignment -- transfer --model B --device cuda
          dotnet run --project NanoNet.Assignment -- devices

        """;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Examples);
        return code;
    }
}
