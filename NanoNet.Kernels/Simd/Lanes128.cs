using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace NanoNet.Kernels.Simd;

/// <summary>Four floats to a vector.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => 4;

    // Arm has 32 vector registers, SSE has 16.
    public static int TileRows => AdvSimd.IsSupported ? 12 : 6;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* target) => value.Store(target);

    public static void Stream(Vector128<float> value, float* target) => value.StoreAlignedNonTemporal(target);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<float> Relu(Vector128<float> a) => Vector128.MaxNative(Vector128<float>.Zero, a);
}
