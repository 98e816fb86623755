using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Kernels.Simd;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Golden;

/// <summary>
/// The golden runs in TF32 and in the three-product split, within the bounds that docs/performance.md states: on tensor
/// cores where there are any, on OpenCL with <see cref="EmulatedTensorCore"/>, on the managed engine with
/// <see cref="Tf32Backend"/>.
/// </summary>
public sealed class GoldenTensorCoreTests
{
    private const string Rounding = "simd with rounded operands";

    // Twice to four times what was measured, or what float32 may be off by. Model B's pooling windows and ReLUs decide
    // otherwise wherever two values are nearer than TF32 tells apart, so its first layer's gradient, which has come
    // through all of them, is off by more than any product is. The split is as exact as float32, but need not choose as
    // float32 does in the one window where two pixels differ by their last bit: that alone is 1.7e-3 of a gradient.
    private static readonly Dictionary<(string Model, Precision Precision), GoldenRun> s_bounds = new()
    {
        [("A", Precision.Tf32)] = new(
            Logits: 2e-3, Gradients: 3e-2, Movement: 0.1, EarlyLoss: 5e-4, Loss: 1e-3, WorstGradient: ""),
        [("B", Precision.Tf32)] = new(
            Logits: 1e-3, Gradients: 0.1, Movement: 0.3, EarlyLoss: 2e-3, Loss: 2e-2, WorstGradient: ""),
        [("A", Precision.Tf32x3)] = GoldenRun.Float32Bounds,
        [("B", Precision.Tf32x3)] = new(
            Logits: 1e-5, Gradients: 5e-3, Movement: 0.3, EarlyLoss: 2e-3, Loss: 2e-2, WorstGradient: ""),
    };

    public static IEnumerable<TheoryDataRow<string, Precision, string>> Runs =>
    [
        .. from row in s_bounds.Keys
           from engine in Engines.ForTraining
           where engine.Backend is IlgpuBackend backend && (backend.HasTensorCores || row.Model == "A")
           select new TheoryDataRow<string, Precision, string>(row.Model, row.Precision, engine.Name),
        .. from row in s_bounds.Keys
           where row.Precision == Precision.Tf32 && Engines.ForTraining.Any(engine => engine.Name == Engines.Exact)
           select new TheoryDataRow<string, Precision, string>(row.Model, row.Precision, Rounding),
    ];

    [Theory]
    [EngineTest]
    [MemberData(nameof(Runs))]
    public void Follows_libtorch(string model, Precision precision, string engine)
    {
        using var device = Open(engine, precision, ofEveryProduct: model == "A");
        var run = GoldenRun.Train(device, model);
        run.AssertWithin(s_bounds[(model, precision)], $"{model} in {precision} on {engine}");
        Assert.True(
            precision == Precision.Tf32x3 || run.Gradients > GoldenRun.Float32Bounds.Gradients,
            $"{model} on {engine} is as exact as in float32: nothing was rounded to TF32.");
    }

    // At batch 32 all products of Model A are thin or shallow, and would stay in float32.
    private static Device Open(string engine, Precision precision, bool ofEveryProduct)
    {
        if (engine == Rounding)
        {
            return new Device(new Tf32Backend(new SimdBackend(threads: 2, exact: true), ofEveryProduct));
        }

        bool hasTensorCores = ((IlgpuBackend)Engines.Get(engine).Backend).HasTensorCores;
        var backend = (IlgpuBackend)(hasTensorCores
            ? DeviceCatalog.Open(DeviceChoice.Cuda, precision: precision)
            : DeviceCatalog.Open(DeviceChoice.OpenCL));
        backend.Products.Tensor ??= new TensorProducts<EmulatedTensorCore>(backend.Queue, backend.Products, precision);
        backend.Products.Tensor.Forced = ofEveryProduct ? new(TensorTileSize.Medium, 1) : null;
        return new Device(backend);
    }
}
