using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>An engine that updates a kernel as the product that is its gradient is stored, so that no gradient goes through memory.</summary>
internal interface IUpdatesInProducts
{
    /// <summary>Whether it does so for a product of these sizes.</summary>
    bool UpdatesInProduct(MatMulGeometry geometry);

    /// <summary>
    /// w −= rate · op(a) · op(b): the bits of <see cref="IBackend.MatMul"/> followed by <see cref="IBackend.SgdUpdate"/> without momentum.
    /// </summary>
    void MatMulUpdate(DeviceBuffer w, DeviceBuffer a, DeviceBuffer b, float rate, MatMulGeometry geometry);
}
