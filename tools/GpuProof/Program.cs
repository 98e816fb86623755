using System.Reflection;

// Which of the three programs to be is the first argument; the rest is passed on.
(string Name, string Assembly)[] programs =
[
    ("tests", "NanoNet.Tests"), ("benchmarks", "NanoNet.Benchmarks"), ("assignment", "NanoNet.Assignment"),
];

string? wanted = args.FirstOrDefault();
var program = programs.FirstOrDefault(known => known.Name == wanted);
if (program.Name is null)
{
    Console.Error.WriteLine($"usage: nanonet-proof {string.Join('|', programs.Select(known => known.Name))} [arguments]");
    return 2;
}

// xunit runs the tests of the assembly that the process was started with.
var assembly = Assembly.Load(program.Assembly);
Assembly.SetEntryAssembly(assembly);
var entry = assembly.EntryPoint!;
object? result = entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [args[1..]]);
return result is int code ? code : 0;
