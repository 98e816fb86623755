using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The tiled product that matrix products and convolutions share. A group computes a tile of the result: step by step
/// it copies a slab of both operands to shared memory, where each element serves a whole row or column of the tile, and
/// each thread multiplies what its 4 × 4 results need, in registers.
/// </summary>
internal sealed class ProductKernels(KernelQueue queue)
{
    // A GPU has some hundred multiprocessors and wants two groups for each. The number is fixed, and not asked from the
    // device: sums must be cut alike everywhere.
    private const int EnoughGroups = 256;

    // A part shallower than this many steps is not worth the second pass.
    private const int FewestStepsPerSplit = 8;

    // A sum's rounding error grows with the root of its length, so a result is the sum of parts of this depth: a multiple of every
    // tile's side. Max-pooling and ReLU turn the smallest error of an activation near a tie into another path for its gradient.
    private const int PartialDepth = 48;

    private readonly Dictionary<Type, Delegate> _launchers = [];
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, ProductShape, FastDivisor>? _sumSplits;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>
    /// c = act(a · bᵀ + bias) with a [rows, depth] and b [columns, depth], or the part of it that is this split's.
    /// </summary>
    internal static void ProductKernel<TTile, TA, TB>(
        Floats c, Floats a, Floats b, Floats bias, TA operandA, TB operandB, ProductShape shape)
        where TTile : struct, ITile
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        // Slabs are [depth, outer], a row padded by four so that threads that store a column hit different banks.
        var slabA = SharedMemory.Allocate<Float4>(TTile.Side * (TTile.Side + 1));
        var slabB = SharedMemory.Allocate<Float4>(TTile.Side * (TTile.Side + 1));
        var storeA = slabA.Cast<float>();
        var storeB = slabB.Cast<float>();

        int firstRow = Grid.IdxX * TTile.Side * 4;
        int firstColumn = Grid.IdxY * TTile.Side * 4;
        int depth = Grid.IdxZ * shape.DepthPerSplit;
        int end = Math.Min(depth + shape.DepthPerSplit, shape.Depth);
        var fetchA = Fetch<TTile, TA>.At(operandA, firstRow);
        var fetchB = Fetch<TTile, TB>.At(operandB, firstColumn);
        int threadRow = Group.IdxX / TTile.Side;
        int threadColumn = Group.IdxX % TTile.Side;

        ResultTile results = default;
        ResultTile totals = default;
        var nextA = fetchA.Load(operandA, a, depth);
        var nextB = fetchB.Load(operandB, b, depth);
        while (depth < end)
        {
            Fetch<TTile, TA>.Store(storeA, nextA);
            Fetch<TTile, TB>.Store(storeB, nextB);
            Group.Barrier();
            depth += TTile.Side;
            if (depth < end)
            {
                // The next slab is on its way from memory while this one is multiplied.
                nextA = fetchA.Load(operandA, a, depth);
                nextB = fetchB.Load(operandB, b, depth);
            }

            // Four depths a round, by hand: ILGPU unrolls nothing.
            int pitch = TTile.Side + 1;
            for (int k = 0; k < TTile.Side * pitch; k += 4 * pitch)
            {
                int rows = k + threadRow;
                int columns = k + threadColumn;
                results.Add(slabA[rows], slabB[columns]);
                results.Add(slabA[rows + pitch], slabB[columns + pitch]);
                results.Add(slabA[rows + 2 * pitch], slabB[columns + 2 * pitch]);
                results.Add(slabA[rows + 3 * pitch], slabB[columns + 3 * pitch]);
            }

            Group.Barrier();
            if (depth % PartialDepth == 0)
            {
                totals.Add(results);
                results = default;
            }
        }

        results.Add(totals);
        int part = Grid.IdxZ * shape.Rows * shape.Columns;
        int row = firstRow + threadRow * 4;
        int column = firstColumn + threadColumn * 4;
        StoreRow(c, bias, shape, part, row, column, results.Row0);
        StoreRow(c, bias, shape, part, row + 1, column, results.Row1);
        StoreRow(c, bias, shape, part, row + 2, column, results.Row2);
        StoreRow(c, bias, shape, part, row + 3, column, results.Row3);
    }

    /// <summary>c = act(Σ parts + bias), the parts in order.</summary>
    internal static void SumSplitsKernel(Floats c, Floats parts, Floats bias, ProductShape shape, FastDivisor columns)
    {
        int i = Grid.GlobalIndex.X;
        int count = shape.Rows * shape.Columns;
        if (i < count)
        {
            float sum = parts[i];
            for (int split = 1; split < shape.Splits; split++)
            {
                sum += parts[split * count + i];
            }

            int column = i - columns.Divide(i) * shape.Columns;
            c[i] = Finish(sum, bias, column, shape);
        }
    }

    private static void StoreRow(
        Floats c, Floats bias, ProductShape shape, int part, int row, int column, Float4 values)
    {
        if (row < shape.Rows)
        {
            int place = part + row * shape.Columns + column;
            Store(c, bias, shape, place, column, values.X);
            Store(c, bias, shape, place + 1, column + 1, values.Y);
            Store(c, bias, shape, place + 2, column + 2, values.Z);
            Store(c, bias, shape, place + 3, column + 3, values.W);
        }
    }

    private static void Store(Floats c, Floats bias, ProductShape shape, int place, int column, float value)
    {
        if (column < shape.Columns)
        {
            c[place] = Finish(value, bias, column, shape);
        }
    }

    private static float Finish(float value, Floats bias, int column, ProductShape shape)
    {
        if (shape.HasBias != 0)
        {
            value += bias[column];
        }

        return shape.HasRelu != 0 && value < 0 ? 0 : value;
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Multiply<TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        int rows, int columns, int depth, Activation activation)
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        var problem = new ProductShape(
            rows, columns, depth, 1, depth, bias is null ? 0 : 1, activation == Activation.Relu ? 1 : 0);
        if (queue.TeamGroup < MediumTile.Side * MediumTile.Side)
        {
            Multiply<SmallTile, TA, TB>(c, a, b, bias, operandA, operandB, problem);
        }
        else if (queue.TeamGroup < LargeTile.Side * LargeTile.Side || PrefersMedium(rows, columns))
        {
            Multiply<MediumTile, TA, TB>(c, a, b, bias, operandA, operandB, problem);
        }
        else
        {
            Multiply<LargeTile, TA, TB>(c, a, b, bias, operandA, operandB, problem);
        }
    }

    private static bool PrefersMedium(int rows, int columns)
    {
        int size = LargeTile.Side * 4;
        return rows <= size / 2 || columns <= size / 2 || (long)rows * columns < EnoughGroups / 4 * size * size;
    }

    private void Multiply<TTile, TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB, ProductShape shape)
        where TTile : struct, ITile
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        int size = TTile.Side * 4;
        int tilesDown = (shape.Rows + size - 1) / size;
        int tilesAcross = (shape.Columns + size - 1) / size;
        int steps = (shape.Depth + TTile.Side - 1) / TTile.Side;
        int wanted = Math.Min(EnoughGroups / (tilesDown * tilesAcross), steps / FewestStepsPerSplit);
        int stepsPerSplit = (steps + Math.Max(1, wanted) - 1) / Math.Max(1, wanted);
        int splits = (steps + stepsPerSplit - 1) / stepsPerSplit;
        shape = shape with { Splits = splits, DepthPerSplit = stepsPerSplit * TTile.Side };

        var kernel = queue.Load<
            Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, TA, TB, ProductShape>>(
            _launchers, typeof((TTile, TA, TB)), ProductKernel<TTile, TA, TB>);
        var config = new KernelConfig(
            new Index3D(tilesDown, tilesAcross, splits), new Index3D(TTile.Side * TTile.Side, 1, 1));
        var biasFloats = (bias ?? c).Floats;
        if (splits == 1)
        {
            kernel(queue.Stream, config, c.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape);
            return;
        }

        int count = shape.Rows * shape.Columns;
        using var parts = queue.RentFloats(splits * count);
        kernel(queue.Stream, config,
            parts.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape.WithoutEpilogue);
        queue.Load(ref _sumSplits, SumSplitsKernel)(queue.Stream, queue.Threads(count),
            c.Floats, parts.Floats, biasFloats, shape, new FastDivisor(shape.Columns));
    }

}
