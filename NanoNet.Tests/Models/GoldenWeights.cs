namespace NanoNet.Tests.Models;

/// <summary>The initial weights of the golden runs: a formula, so that no file need hold them.</summary>
internal static class GoldenWeights
{
    /// <summary>The values of the t-th parameter (kernel, bias, kernel, bias, …) under a seed, uniform in [−limit, limit).</summary>
    public static float[] Create(uint seed, uint t, int count, double limit)
    {
        var values = new float[count];
        for (uint i = 0; i < count; i++)
        {
            uint h = unchecked(seed * 2654435761u + t * 40503u + (i + 1) * 2246822519u);
            h ^= h >> 15;
            h = unchecked(h * 2654435761u);
            h ^= h >> 13;
            h = unchecked(h * 3266489917u);
            h ^= h >> 16;
            values[i] = (float)(((h >> 8) / 8388608.0 - 1.0) * limit);
        }

        return values;
    }
}
