namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Eight values that are read one right after the other, so that all are on their way at once: fields, because ILGPU
/// keeps no array in registers.
/// </summary>
internal readonly struct Eight(float v0, float v1, float v2, float v3, float v4, float v5, float v6, float v7)
{
    /// <summary>How many there are.</summary>
    public const int Count = 8;

    public readonly float V0 = v0;
    public readonly float V1 = v1;
    public readonly float V2 = v2;
    public readonly float V3 = v3;
    public readonly float V4 = v4;
    public readonly float V5 = v5;
    public readonly float V6 = v6;
    public readonly float V7 = v7;

    /// <summary>These where a mask is positive, else 0.</summary>
    public Eight WherePositive(Eight mask) => new(
        mask.V0 > 0 ? V0 : 0, mask.V1 > 0 ? V1 : 0, mask.V2 > 0 ? V2 : 0, mask.V3 > 0 ? V3 : 0,
        mask.V4 > 0 ? V4 : 0, mask.V5 > 0 ? V5 : 0, mask.V6 > 0 ? V6 : 0, mask.V7 > 0 ? V7 : 0);

    /// <summary>These with 0 for one of them.</summary>
    public Eight Without(int k) => new(
        k == 0 ? 0 : V0, k == 1 ? 0 : V1, k == 2 ? 0 : V2, k == 3 ? 0 : V3,
        k == 4 ? 0 : V4, k == 5 ? 0 : V5, k == 6 ? 0 : V6, k == 7 ? 0 : V7);

    /// <summary>A value and these, combined one after the other.</summary>
    public float Fold<TFold>(float value) where TFold : struct, IFold
    {
        value = TFold.Combine(TFold.Combine(TFold.Combine(TFold.Combine(value, V0), V1), V2), V3);
        return TFold.Combine(TFold.Combine(TFold.Combine(TFold.Combine(value, V4), V5), V6), V7);
    }
}
