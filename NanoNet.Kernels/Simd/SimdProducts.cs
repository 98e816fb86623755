using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>The product kernels of one vector width.</summary>
internal abstract unsafe class SimdProducts
{
    /// <summary>The kernels for a width; each is compiled on its first use.</summary>
    public static SimdProducts For(VectorWidth width, WorkerTeam team, Scratch scratch) => width switch
    {
        VectorWidth.Vector512 => new SimdProducts<Lanes512, Vector512<float>>(team, scratch),
        VectorWidth.Vector256 => new SimdProducts<Lanes256, Vector256<float>>(team, scratch),
        VectorWidth.Vector128 => new SimdProducts<Lanes128, Vector128<float>>(team, scratch),
        _ => new SimdProducts<LanesScalar, float>(team, scratch),
    };

    public abstract void MatMul(float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu);

    public abstract void Conv2D(float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu);

    public abstract void Conv2DInputGradient(float* dx, float* dy, float* filter, Conv2DGeometry geometry);

    public abstract void Conv2DFilterGradient(float* dfilter, float* x, float* dy, Conv2DGeometry geometry);
}

/// <inheritdoc/>
internal sealed unsafe class SimdProducts<TLanes, TVector>(WorkerTeam team, Scratch scratch) : SimdProducts
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public override void MatMul(float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu) =>
        SimdMatMul<TLanes, TVector>.Run(team, scratch, c, a, b, bias, geometry, relu);

    public override void Conv2D(float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu) =>
        SimdConv2D<TLanes, TVector>.Forward(team, scratch, y, x, filter, bias, geometry, relu);

    public override void Conv2DInputGradient(float* dx, float* dy, float* filter, Conv2DGeometry geometry) =>
        SimdConv2D<TLanes, TVector>.InputGradient(team, scratch, dx, dy, filter, geometry);

    public override void Conv2DFilterGradient(float* dfilter, float* x, float* dy, Conv2DGeometry geometry) =>
        SimdConv2D<TLanes, TVector>.FilterGradient(team, scratch, dfilter, x, dy, geometry);
}
