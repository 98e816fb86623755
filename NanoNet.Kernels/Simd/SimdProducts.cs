using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>The product kernels of one vector width.</summary>
internal abstract unsafe class SimdProducts
{
    /// <summary>The kernels for a width, each compiled on its first use; exact ones convolve without Winograd's transforms.</summary>
    public static SimdProducts For(VectorWidth width, WorkerTeam team, Scratch scratch, bool exact) => width switch
    {
        VectorWidth.Vector512 => new SimdProducts<Lanes512, Vector512<float>>(team, scratch, exact),
        VectorWidth.Vector256 => new SimdProducts<Lanes256, Vector256<float>>(team, scratch, exact),
        VectorWidth.Vector128 => new SimdProducts<Lanes128, Vector128<float>>(team, scratch, exact),
        _ => new SimdProducts<LanesScalar, float>(team, scratch, exact),
    };

    public abstract void MatMul(float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu);

    /// <summary>See <see cref="Plans.IUpdatesInProducts"/>.</summary>
    public abstract bool UpdatesInProduct(MatMulGeometry geometry);

    /// <summary>See <see cref="Plans.IUpdatesInProducts"/>.</summary>
    public abstract void MatMulUpdate(float* w, float* a, float* b, float rate, MatMulGeometry geometry);

    public abstract void Conv2D(float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu);

    /// <summary>See <see cref="Plans.IPacksWeights"/>.</summary>
    public abstract long PackedCount(MatMulGeometry geometry);

    /// <summary>See <see cref="Plans.IPacksWeights"/>.</summary>
    public abstract long PackedCount(Conv2DGeometry geometry);

    public abstract void Pack(float* packed, float* b, MatMulGeometry geometry);

    public abstract void Pack(float* packed, float* filter, Conv2DGeometry geometry);

    public abstract void MatMulPacked(float* c, float* a, float* packed, float* bias, MatMulGeometry geometry, bool relu);

    public abstract void Conv2DPacked(float* y, float* x, float* packed, float* bias, Conv2DGeometry geometry, bool relu);

    public abstract void Conv2DInputGradient(float* dx, float* dy, float* filter, Conv2DGeometry geometry);

    public abstract void Conv2DFilterGradient(float* dfilter, float* x, float* dy, Conv2DGeometry geometry);
}

/// <inheritdoc/>
internal sealed unsafe class SimdProducts<TLanes, TVector>(WorkerTeam team, Scratch scratch, bool exact) : SimdProducts
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public override void MatMul(float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu) =>
        SimdMatMul<TLanes, TVector>.Run(team, scratch, c, a, b, bias, geometry, relu);

    public override bool UpdatesInProduct(MatMulGeometry geometry) => SimdMatMul<TLanes, TVector>.IsInOnePart(geometry);

    public override void MatMulUpdate(float* w, float* a, float* b, float rate, MatMulGeometry geometry) =>
        SimdMatMul<TLanes, TVector>.Update(team, scratch, w, a, b, rate, geometry);

    public override void Conv2D(float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu) =>
        SimdConv2D<TLanes, TVector>.Forward(team, scratch, y, x, filter, bias, geometry, relu, Winograd(geometry));

    public override long PackedCount(MatMulGeometry geometry) => SimdMatMul<TLanes, TVector>.PackedCount(geometry);

    public override long PackedCount(Conv2DGeometry geometry) =>
        Winograd(geometry) ? SimdConv2D<TLanes, TVector>.TransformedKernel(geometry) : 0;

    public override void Pack(float* packed, float* b, MatMulGeometry geometry) =>
        SimdMatMul<TLanes, TVector>.Pack(team, packed, b, geometry);

    public override void Pack(float* packed, float* filter, Conv2DGeometry geometry) =>
        SimdConv2D<TLanes, TVector>.TransformKernel(team, scratch, packed, filter, geometry);

    public override void MatMulPacked(float* c, float* a, float* packed, float* bias, MatMulGeometry geometry, bool relu) =>
        SimdMatMul<TLanes, TVector>.RunPacked(team, scratch, c, a, packed, bias, geometry, relu);

    public override void Conv2DPacked(float* y, float* x, float* packed, float* bias, Conv2DGeometry geometry, bool relu) =>
        SimdConv2D<TLanes, TVector>.ForwardTransformed(team, scratch, y, x, packed, bias, geometry, relu);

    public override void Conv2DInputGradient(float* dx, float* dy, float* filter, Conv2DGeometry geometry) =>
        SimdConv2D<TLanes, TVector>.InputGradient(team, scratch, dx, dy, filter, geometry, Winograd(geometry));

    public override void Conv2DFilterGradient(float* dfilter, float* x, float* dy, Conv2DGeometry geometry)
    {
        if (Winograd(geometry))
        {
            SimdWinograd<TLanes, TVector>.FilterGradient(team, scratch, dfilter, x, dy, geometry);
        }
        else
        {
            SimdConv2D<TLanes, TVector>.FilterGradient(team, scratch, dfilter, x, dy, geometry);
        }
    }

    private bool Winograd(in Conv2DGeometry geometry) => !exact && WinogradGrid.Pays(geometry);
}
