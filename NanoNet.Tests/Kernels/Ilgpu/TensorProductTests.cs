using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Products for tensor cores against the reference; where there are none, with lanes that compute by the same table.</summary>
public sealed class TensorProductTests
{
    private static readonly Dictionary<string, KernelCase> s_cases = KernelCases.TensorProducts.ToDictionary(row => row.Name);

    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        from engine in Engines.Present.Where(engine => engine.Name is "opencl" or "cuda")
        from row in s_cases.Keys
        select new TheoryDataRow<string, string>(row, engine.Name) { Label = $"{row} on {engine.Name}" };

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Rows))]
    public void Agrees_with_the_reference(string row, string engine) => s_cases[row].Run(Engines.Get(engine), compares: true);
}
