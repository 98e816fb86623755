using Xunit;

namespace NanoNet.Tests.Checking;

/// <summary>
/// Says which engines this run proves. A missing GPU or OpenCL runtime is skipped with its reason, unless it is
/// <see cref="Required"/>; the engines that need no hardware must always be there.
/// </summary>
public sealed class EnginePresenceTests
{
    private static readonly string[] s_always = Engines.Managed;

    public static TheoryData<string> Names => [.. Engines.Managed, .. Engines.Ilgpu];

    [Theory]
    [EngineTest]
    [MemberData(nameof(Names))]
    public void Is_present(string engine)
    {
        if (Engines.ReasonMissing(engine) is not { } reason)
        {
            TestContext.Current.SendDiagnosticMessage($"{Engines.Get(engine)}: {Engines.Get(engine).Device.Info.Description}");
            return;
        }

        bool isRequired = s_always.Contains(engine) || Required.Names.Contains(engine);
        Assert.False(isRequired, $"The engine {engine} is required and missing: {reason}");
        Assert.Skip($"The engine {engine} is missing: {reason}");
    }

    [Fact]
    public void What_is_required_is_known_by_name() =>
        Assert.Empty(Required.Names.Except([.. Engines.Managed, .. Engines.Ilgpu, Required.Oclgrind, Required.Ptxas]));

    [Fact]
    public void What_is_to_be_proven_is_known_by_name() =>
        Assert.Empty(Engines.Wanted.Except([.. Engines.Managed, Engines.Exact, .. Engines.Ilgpu]));

    [Fact]
    public void Tests_that_take_an_engine_are_found_by_their_trait()
    {
        var tests = typeof(EnginePresenceTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(TheoryAttribute), true)
                && method.GetParameters().Any(parameter => parameter.Name == "engine"));
        Assert.DoesNotContain(tests, method => !method.IsDefined(typeof(EngineTestAttribute), false));
    }
}
