using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>The first-level data cache of this CPU, as it describes it itself.</summary>
internal static class FirstLevelCache
{
    /// <summary>Lines that a set holds: lines at the same place of pages share a set. 0 if the CPU does not tell.</summary>
    public static int Ways { get; } = Read();

    private static int Read()
    {
        // Intel's leaf, which AMD leaves empty, then AMD's, which has the same fields (Intel SDM and AMD APM, both volume 3, CPUID).
        const int intel = 4, amd = unchecked((int)0x8000001D), lastOfAmd = unchecked((int)0x80000000);
        if (!X86Base.IsSupported)
        {
            return 0;
        }

        int ways = X86Base.CpuId(0, 0).Eax >= intel ? WaysOf(X86Base.CpuId(intel, 0)) : 0;
        if (ways == 0 && (uint)X86Base.CpuId(lastOfAmd, 0).Eax >= unchecked((uint)amd))
        {
            ways = WaysOf(X86Base.CpuId(amd, 0));
        }

        return ways;
    }

    private static int WaysOf((int Eax, int Ebx, int Ecx, int Edx) leaf)
    {
        const int kind = 0x1F, data = 1, waysFrom = 22;
        return (leaf.Eax & kind) == data ? (leaf.Ebx >>> waysFrom) + 1 : 0;
    }
}
