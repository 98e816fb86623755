using System.Globalization;
using System.Runtime.Intrinsics.X86;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>What the CPU says of its first-level cache is what the system says.</summary>
public sealed class FirstLevelCacheTests
{
    private const string OfSystem = "/sys/devices/system/cpu/cpu0/cache/index0/ways_of_associativity";

    [Fact]
    public void Ways_are_those_that_Linux_reports()
    {
        Assert.SkipUnless(File.Exists(OfSystem), "This system does not tell how many lines a set holds.");
        Assert.SkipUnless(X86Base.IsSupported, "Only CPUs of the x86 family are asked.");
        Assert.Equal(int.Parse(File.ReadAllText(OfSystem), CultureInfo.InvariantCulture), FirstLevelCache.Ways);
    }
}
