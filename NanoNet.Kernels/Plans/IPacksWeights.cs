using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// An engine that rearranges the weights of a product before it multiplies. When they stay as they are over many calls, in
/// evaluation and prediction, it need do so only once.
/// </summary>
internal interface IPacksWeights
{
    /// <summary>Floats of the packed operand b; 0 where nothing is rearranged.</summary>
    long PackedCount(MatMulGeometry geometry);

    /// <summary>Floats of the packed filter; 0 where nothing is rearranged.</summary>
    long PackedCount(Conv2DGeometry geometry);

    /// <summary>Packs b for <see cref="MatMulPacked"/>.</summary>
    void Pack(DeviceBuffer packed, DeviceBuffer b, MatMulGeometry geometry);

    /// <summary>Packs a filter for <see cref="Conv2DPacked"/>.</summary>
    void Pack(DeviceBuffer packed, DeviceBuffer filter, Conv2DGeometry geometry);

    /// <summary><see cref="IBackend.MatMul"/> with b packed: the same bits.</summary>
    void MatMulPacked(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer packed, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation);

    /// <summary><see cref="IBackend.Conv2D"/> with the filter packed: the same bits.</summary>
    void Conv2DPacked(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer packed, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation);
}
