using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>
/// Every method of the contract between the engines and the rest, at many geometries, on every engine: against the reference,
/// between guards, and twice for the same bits.
/// </summary>
public sealed class KernelTests
{
    private static readonly Dictionary<string, KernelCase> s_cases = KernelCases.All.ToDictionary(row => row.Name);

    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        from row in s_cases.Values
        from engine in Engines.OneOfEach
        where row.Cost <= engine.MaxCost
        select new TheoryDataRow<string, string>(row.Name, engine.Name) { Label = $"{row.Name} on {engine.Name}" };

    public static IEnumerable<TheoryDataRow<string>> Names => s_cases.Keys.Select(
        name => new TheoryDataRow<string>(name) { Label = $"{name} with 1, 2 and 4 threads" });

    [Theory]
    [EngineTest]
    [MemberData(nameof(Rows))]
    public void Agrees_with_the_reference_and_writes_nothing_else(string kernel, string engine)
    {
        byte[] first = s_cases[kernel].Run(Engines.Get(engine), compares: true);
        byte[] second = s_cases[kernel].Run(Engines.Get(engine), compares: false);
        Check.SameBits<byte>($"{kernel} on {engine}, run twice", first, second);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_same_bits_for_any_number_of_threads(string kernel)
    {
        byte[] expected = s_cases[kernel].Run(Engines.Get(Engines.Managed[0]), compares: false);
        foreach (string engine in Engines.Managed[1..])
        {
            byte[] actual = s_cases[kernel].Run(Engines.Get(engine), compares: false);
            Check.SameBits<byte>($"{kernel}, {Engines.Managed[0]} and {engine}", expected, actual);
        }
    }
}
