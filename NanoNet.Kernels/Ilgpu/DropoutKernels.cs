using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Random;
using Floats = ILGPU.ArrayView<float>;
using Readings = ILGPU.ArrayView<NanoNet.Kernels.Ilgpu.ClockReading>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Dropout, forward and backward alike: a thread draws one Philox block, which decides over four neighbouring columns.
/// </summary>
internal sealed class DropoutKernels(KernelQueue queue)
{
    private const int ColumnsPerBlock = 4;

    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Draw, Readings, int, int, FastDivisor>? _dropout;

    /// <summary>A <see cref="DropoutMask"/> in numbers that a kernel takes.</summary>
    internal readonly struct Draw(DropoutMask mask)
    {
        public readonly uint Threshold = mask.Threshold;
        public readonly float Scale = mask.Scale;
        public readonly uint Key0 = mask.Key0;
        public readonly uint Key1 = mask.Key1;
        public readonly int Layer = mask.Layer;

        /// <summary>The random integers that decide over four elements of a row.</summary>
        public UInt4 Bits(ClockReading time, int block, int row) => Philox.Block(
            (uint)block, (uint)row, (uint)time.Step, DropoutMask.FourthWord(time.Epoch, Layer), Key0, Key1);

        /// <summary>An element after dropout, given its random integer.</summary>
        public float Apply(float x, uint bits) => bits >> 8 < Threshold ? 0 : x * Scale;
    }

    // ── Kernel ───────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void DropoutKernel(
        Floats y, Floats x, Draw draw, Readings clock, int rows, int columns, FastDivisor blocksPerRow)
    {
        int i = Grid.GlobalIndex.X;
        int row = blocksPerRow.Divide(i);
        if (row < rows)
        {
            int block = i - row * ((columns + ColumnsPerBlock - 1) / ColumnsPerBlock);
            int column = block * ColumnsPerBlock;
            int place = row * columns + column;
            // On their way before the time is known, and before anything is written, which may be the same memory.
            var values = new Float4(
                x[place],
                column + 1 < columns ? x[place + 1] : 0,
                column + 2 < columns ? x[place + 2] : 0,
                column + 3 < columns ? x[place + 3] : 0);
            var bits = draw.Bits(clock[0], block, row);
            y[place] = draw.Apply(values.X, bits.X);
            if (column + 1 < columns)
            {
                y[place + 1] = draw.Apply(values.Y, bits.Y);
            }

            if (column + 2 < columns)
            {
                y[place + 2] = draw.Apply(values.Z, bits.Z);
            }

            if (column + 3 < columns)
            {
                y[place + 3] = draw.Apply(values.W, bits.W);
            }
        }
    }

    // ── Launcher ─────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Dropout(IlgpuBuffer y, IlgpuBuffer x, DropoutMask mask, Readings clock, int rows, int columns)
    {
        int blocksPerRow = (columns + ColumnsPerBlock - 1) / ColumnsPerBlock;
        queue.Load(ref _dropout, DropoutKernel)(queue.Stream, queue.Threads(rows * blocksPerRow),
            y.Floats, x.Floats, new Draw(mask), clock, rows, columns, new FastDivisor(blocksPerRow));
    }
}
