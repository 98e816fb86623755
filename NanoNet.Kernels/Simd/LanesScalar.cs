namespace NanoNet.Kernels.Simd;

/// <summary>One float to a "vector": the fallback of a machine without vectors.</summary>
internal readonly unsafe struct LanesScalar : ILanes<float>
{
    public static int Count => 1;

    public static int TileRows => 6;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static void Stream(float value, float* target) => *target = value;

    public static float Broadcast(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    public static float Relu(float a) => MathF.Max(0, a);
}
