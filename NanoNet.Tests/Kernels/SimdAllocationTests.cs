using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Random;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class SimdAllocationTests
{
    [Fact]
    public void Warm_calls_allocate_no_managed_memory()
    {
        const int rows = 1024;
        const int columns = 64;
        using var rig = new SimdRig(threads: 2);
        var engine = rig.Engine;
        var x = rig.Floats(SimdRig.Random(rows * columns, seed: 1));
        var y = rig.Output(rows * columns);
        var other = rig.Output(rows * columns);
        var ints = rig.Ints(new int[rows]);
        var metrics = rig.Floats(0, 0, 0, 0);
        var clock = new StepClock();
        var mask = new DropoutMask(0.5f, 1, 2, 3, clock);
        var row = BroadcastGeometry.Create([rows, columns], [columns]);
        var pool = Pool2DGeometry.Create(4, 16, 16, columns, 2, 2, 2, 2, Padding.Valid);
        void Step()
        {
            engine.Gather(y, x, ints, new GatherGeometry(rows, columns, ElementType.Float32, 1), clock);
            engine.Unary<Sigmoid>(y, x, rows * columns);
            engine.UnaryGradient<Sigmoid>(other, y, x, y, rows * columns);
            engine.Binary<Add>(y, x, other, row);
            engine.Affine(y, x, 2, 1, rows * columns);
            engine.Fill(y, 1, rows * columns);
            engine.Copy(y, x, rows * columns * sizeof(float));
            engine.ReduceSum(y, x, new ReduceGeometry(1, rows * columns, 1), 1);
            engine.ReduceMax(y, x, new ReduceGeometry(1, rows, columns));
            engine.ArgMax(y, x, new ReduceGeometry(rows, columns, 1));
            engine.ReluBiasGradient(y, other, x, x, rows, columns);
            engine.MaxPool2D(y, other, x, pool);
            engine.MaxPool2DGradient(y, x, other, pool);
            engine.Softmax(y, x, rows, columns);
            engine.SoftmaxGradient(other, x, y, rows, columns);
            engine.SoftmaxCrossEntropy(y, x, ints, TargetKind.ClassIndices, rows, columns);
            engine.SoftmaxCrossEntropyGradient(other, metrics, x, ints, TargetKind.ClassIndices, rows, columns);
            engine.AccumulateMetrics(metrics, y, x, ints, TargetKind.ClassIndices, rows, columns);
            engine.Dropout(y, x, mask, rows, columns);
            engine.SgdUpdate(y, x, null, 0.1f, 0, false, rows * columns);
        }

        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
