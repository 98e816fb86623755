using NanoNet.Tests.Checking;
using NanoNet.Tests.Ops.Cases;
using Xunit;

namespace NanoNet.Tests.Ops;

/// <summary>
/// Every operation on tensors, at many shapes, on every engine: its result against the reference, and its gradient against central
/// differences of the reference, with a random gradient arriving.
/// </summary>
public sealed class OpTests
{
    private static readonly Dictionary<string, OpCase> s_cases = OpCases.All.ToDictionary(row => row.Name);

    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        from row in s_cases.Values
        from engine in Engines.OneOfEach
        where row.Cost <= engine.MaxCost
        select new TheoryDataRow<string, string>(row.Name, engine.Name) { Label = $"{row.Name} on {engine.Name}" };

    [Theory]
    [EngineTest]
    [MemberData(nameof(Rows))]
    public void Gives_the_result_of_its_definition(string operation, string engine) =>
        OpCheck.Forward(s_cases[operation], Engines.Get(engine));

    [Theory]
    [EngineTest]
    [MemberData(nameof(Rows))]
    public void Gives_the_gradient_of_its_definition(string operation, string engine) =>
        OpCheck.Gradient(s_cases[operation], Engines.Get(engine));
}
