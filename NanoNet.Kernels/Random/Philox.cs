namespace NanoNet.Kernels.Random;

/// <summary>
/// Philox4x32-10, a counter-based generator: the same key and counter give the same four integers on every device, in
/// any order, with no state. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>Four random 32-bit integers for a counter.</summary>
    public static UInt4 Block(uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        uint c0 = counter0, c1 = counter1, c2 = counter2, c3 = counter3;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return new UInt4(c0, c1, c2, c3);
    }
}
