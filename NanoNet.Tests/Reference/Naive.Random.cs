namespace NanoNet.Tests.Reference;

/// <content>Random numbers and dropout.</content>
internal static partial class Naive
{
    /// <summary>
    /// Philox4x32-10 from the paper's definition (Salmon et al., SC 2011): ten rounds of two 32x32→64 bit products, the key
    /// raised by Weyl's constants between rounds.
    /// </summary>
    public static uint[] Philox(uint[] counter, uint[] key)
    {
        uint[] c = [.. counter];
        uint[] k = [.. key];
        for (int round = 0; round < 10; round++)
        {
            ulong left = 0xD2511F53UL * c[0];
            ulong right = 0xCD9E8D57UL * c[2];
            c = [(uint)(right >> 32) ^ c[1] ^ k[0], (uint)right, (uint)(left >> 32) ^ c[3] ^ k[1], (uint)left];
            k = [k[0] + 0x9E3779B9, k[1] + 0xBB67AE85];
        }

        return c;
    }

    /// <summary>
    /// Whether dropout keeps an element: integer (column mod 4) of block (column / 4, row, step, epoch · 256 + layer), its upper 24
    /// bits read as a fraction of 2²⁴, is not below the rate.
    /// </summary>
    public static bool IsKept(float rate, uint[] key, int layer, int epoch, int step, int row, int column)
    {
        uint[] block = Philox([(uint)column / 4, (uint)row, (uint)step, ((uint)epoch * 256) + (uint)layer], key);
        return (block[column % 4] >> 8) >= Math.Round(rate * 16777216.0);
    }

    /// <summary>x / (1 − rate) where kept, else 0, for x [rows, columns].</summary>
    public static NdArray Dropout(NdArray x, float rate, uint[] key, int layer, int epoch, int step)
    {
        var y = new NdArray(x.Shape);
        for (int r = 0; r < x.Shape[0]; r++)
        {
            for (int c = 0; c < x.Shape[1]; c++)
            {
                y[r, c] = IsKept(rate, key, layer, epoch, step, r, c) ? x[r, c] / (1 - (double)rate) : 0;
            }
        }

        return y;
    }
}
