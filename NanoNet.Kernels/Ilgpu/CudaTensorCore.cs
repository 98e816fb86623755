using ILGPU;
using ILGPU.Runtime.Cuda;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>The tensor cores of NVIDIA GPUs from compute capability 8.0 on.</summary>
internal readonly struct CudaTensorCore : ITensorCore
{
    /// <inheritdoc/>
    public static int Scratch => 0;

    /// <inheritdoc/>
    public static Float4 MultiplyAdd(Float4 a, Float2 b, Float4 c, ArrayView<Float4> scratch)
    {
        Ref<float> c0 = c.X;
        Ref<float> c1 = c.Y;
        Ref<float> c2 = c.Z;
        Ref<float> c3 = c.W;
        Input<uint> a0 = Interop.FloatAsInt(a.X);
        Input<uint> a1 = Interop.FloatAsInt(a.Y);
        Input<uint> a2 = Interop.FloatAsInt(a.Z);
        Input<uint> a3 = Interop.FloatAsInt(a.W);
        Input<uint> b0 = Interop.FloatAsInt(b.X);
        Input<uint> b1 = Interop.FloatAsInt(b.Y);
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
            + "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref c0, ref c1, ref c2, ref c3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
        return new(c0.Value, c1.Value, c2.Value, c3.Value);
    }
}
