using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;

namespace NanoNet.Kernels.Simd;

/// <content>Matrix products and convolutions.</content>
public sealed unsafe partial class SimdBackend : IPacksWeights, IUpdatesInProducts
{
    private readonly Scratch _scratch;
    private readonly SimdProducts _products;

    /// <summary>Working memory of the products, in bytes: it grows to what the largest operation needs, and is kept.</summary>
    internal long ScratchBytes => _scratch.Bytes;

    /// <inheritdoc/>
    public void MatMul(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation) =>
        _products.MatMul(Floats(c), Floats(a), Floats(b), FloatsOrNull(bias), geometry, activation == Activation.Relu);

    /// <inheritdoc/>
    public void Conv2D(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation) =>
        _products.Conv2D(Floats(y), Floats(x), Floats(filter), FloatsOrNull(bias), geometry, activation == Activation.Relu);

    /// <inheritdoc/>
    public void Conv2DInputGradient(DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry) =>
        _products.Conv2DInputGradient(Floats(dx), Floats(dy), Floats(filter), geometry);

    /// <inheritdoc/>
    public void Conv2DFilterGradient(DeviceBuffer dfilter, DeviceBuffer x, DeviceBuffer dy, Conv2DGeometry geometry) =>
        _products.Conv2DFilterGradient(Floats(dfilter), Floats(x), Floats(dy), geometry);

    bool IUpdatesInProducts.UpdatesInProduct(MatMulGeometry geometry) => _products.UpdatesInProduct(geometry);

    void IUpdatesInProducts.MatMulUpdate(DeviceBuffer w, DeviceBuffer a, DeviceBuffer b, float rate, MatMulGeometry geometry) =>
        _products.MatMulUpdate(Floats(w), Floats(a), Floats(b), rate, geometry);

    long IPacksWeights.PackedCount(MatMulGeometry geometry) => _products.PackedCount(geometry);

    long IPacksWeights.PackedCount(Conv2DGeometry geometry) => _products.PackedCount(geometry);

    void IPacksWeights.Pack(DeviceBuffer packed, DeviceBuffer b, MatMulGeometry geometry) =>
        _products.Pack(Floats(packed), Floats(b), geometry);

    void IPacksWeights.Pack(DeviceBuffer packed, DeviceBuffer filter, Conv2DGeometry geometry) =>
        _products.Pack(Floats(packed), Floats(filter), geometry);

    void IPacksWeights.MatMulPacked(
        DeviceBuffer c, DeviceBuffer a, DeviceBuffer packed, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation) =>
        _products.MatMulPacked(Floats(c), Floats(a), Floats(packed), FloatsOrNull(bias), geometry, activation == Activation.Relu);

    void IPacksWeights.Conv2DPacked(
        DeviceBuffer y, DeviceBuffer x, DeviceBuffer packed, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation) =>
        _products.Conv2DPacked(Floats(y), Floats(x), Floats(packed), FloatsOrNull(bias), geometry, activation == Activation.Relu);
}
