namespace NanoNet.Tests.Reference;

/// <content>Matrix products and what layers do with them.</content>
internal static partial class Naive
{
    /// <summary>op(a) [M, K] · op(b) [K, N]; a transposed operand is stored the other way round.</summary>
    public static NdArray MatMul(NdArray a, NdArray b, bool transposeA = false, bool transposeB = false)
    {
        int rows = a.Shape[transposeA ? 1 : 0];
        int depth = a.Shape[transposeA ? 0 : 1];
        int columns = b.Shape[transposeB ? 0 : 1];
        var c = new NdArray(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    sum += (transposeA ? a[k, i] : a[i, k]) * (transposeB ? b[j, k] : b[k, j]);
                }

                c[i, j] = sum;
            }
        }

        return c;
    }

    /// <summary>x + bias along the last axis.</summary>
    public static NdArray AddBias(NdArray x, NdArray bias) => Binary(x, bias, (a, b) => a + b);

    /// <summary>dz = dy where y &gt; 0, else 0; dbias = Σ_r dz[r, :].</summary>
    public static (NdArray Dz, NdArray Dbias) ReluBiasGradient(NdArray dy, NdArray y)
    {
        var dz = Binary(dy, y, (gradient, value) => value > 0 ? gradient : 0);
        return (dz, Sum(dz, 0));
    }
}
