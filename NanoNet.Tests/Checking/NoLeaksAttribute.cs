using System.Reflection;
using Xunit.v3;

namespace NanoNet.Tests.Checking;

/// <summary>After each test every byte that it took from a shared engine's pool must be back there.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NoLeaksAttribute : BeforeAfterTestAttribute
{
    private Dictionary<string, long> _before = [];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _before = LiveBytes();

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        foreach (var (name, bytes) in LiveBytes())
        {
            if (bytes != _before[name])
            {
                throw new CheckFailedException($"The test left {bytes - _before[name]:N0} bytes live on {name}.");
            }
        }
    }

    private static Dictionary<string, long> LiveBytes() =>
        Engines.Present.ToDictionary(engine => engine.Name, engine => engine.Backend.Pool.LiveBytes);
}
