using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The tiled product of <see cref="ProductKernels"/> on tensor cores: the same slabs in turn, the same cut of the depth
/// and the same finish, with operands rounded on their way into shared memory and 16 × 8 results a warp at a time.
/// </summary>
internal static class TensorKernels
{
    /// <summary>
    /// c = act(a · bᵀ + bias) with a [rows, depth] and b [columns, depth], or the part of it that is this split's.
    /// </summary>
    internal static void TensorProductKernel<TTile, TPrecision, TCore, TA, TB>(
        Floats c, Floats a, Floats b, Floats bias, TA operandA, TB operandB, ProductShape shape)
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision
        where TCore : struct, ITensorCore
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        const int Step = TensorLayout<TTile, TPrecision>.Step;
        int size = TensorLayout<TTile, TPrecision>.Slabs;
        int scratchSize = TensorLayout<TTile, TPrecision>.Warps * TCore.Scratch;
        var slabs = SharedMemory.Allocate<Float4>(
            2 * TensorLayout<TTile, TPrecision>.Slabs + TensorLayout<TTile, TPrecision>.Warps * TCore.Scratch);
        var scratch = slabs.SubView(2 * size, scratchSize);

        int firstRow = Grid.IdxX * TTile.Rows;
        int firstColumn = Grid.IdxY * TTile.Columns;
        int depth = Grid.IdxZ * shape.DepthPerSplit;
        int end = Math.Min(depth + shape.DepthPerSplit, shape.Depth);
        int steps = (end - depth + Step - 1) / Step;
        var fetchA = TensorFetch<TTile, TPrecision, TCore, TA, RowsSide>.At(operandA, firstRow, shape.Rows);
        var fetchB = TensorFetch<TTile, TPrecision, TCore, TB, ColumnsSide>.At(operandB, firstColumn, shape.Columns);

        // The first step takes what is over, so that the others are full.
        int second = end - (steps - 1) * Step;
        fetchA.Store(slabs, fetchA.LoadFirst(operandA, a, depth, second));
        fetchB.Store(slabs, fetchB.LoadFirst(operandB, b, depth, second));
        depth = second;
        LoadedFours nextA = default;
        LoadedFours nextB = default;
        if (steps > 1)
        {
            nextA = fetchA.Load(operandA, a, depth);
            nextB = fetchB.Load(operandB, b, depth);
        }

        Group.Barrier();
        int current = 0;
        int lane = TensorLayout<TTile, TPrecision>.Lane;
        int place = TensorLayout<TTile, TPrecision>.Place(lane >> 2, lane & 3);
        int placeA = place + TensorLayout<TTile, TPrecision>.Plane(TensorLayout<TTile, TPrecision>.WarpRow);
        int placeB = place + TensorLayout<TTile, TPrecision>.Plane(TensorLayout<TTile, TPrecision>.WarpColumn)
            + TensorLayout<TTile, TPrecision>.FirstB;
        WarpResults<TTile, TPrecision, TCore> results = default;
        WarpResults<TTile, TPrecision, TCore> totals = default;
        int left = steps;
        while (left > 0)
        {
            int pause = TPrecision.StepsPerPartial == 0 ? 0 : Math.Max(0, left - TPrecision.StepsPerPartial);
            for (; left > pause; left--)
            {
                Multiply(ref results, slabs.SubView(current + placeA), slabs.SubView(current + placeB), scratch);
                if (left > 1)
                {
                    current = size - current;
                    fetchA.Store(slabs.SubView(current), nextA);
                    fetchB.Store(slabs.SubView(current), nextB);

                    // After the last step the last slabs come once more, for nothing: cheaper than to ask.
                    depth = Math.Min(depth + Step, end - Step);
                    nextA = fetchA.Load(operandA, a, depth);
                    nextB = fetchB.Load(operandB, b, depth);
                }

                Group.Barrier();
            }

            if (TPrecision.StepsPerPartial > 0)
            {
                totals.Add(results);
                results = default;
            }
        }

        if (TPrecision.StepsPerPartial > 0)
        {
            results = totals;
        }

        int row = firstRow + TensorLayout<TTile, TPrecision>.WarpRow + (lane >> 2) * 2;
        int column = firstColumn + TensorLayout<TTile, TPrecision>.WarpColumn + (lane & 3) * 4;
        Store(c, bias, shape, row, column, results.Row0);
        Store(c, bias, shape, row + 16, column, results.Row1);
        if (TensorLayout<TTile, TPrecision>.RowTiles == 4)
        {
            Store(c, bias, shape, row + 32, column, results.Row2);
            Store(c, bias, shape, row + 48, column, results.Row3);
        }
    }

    // Twice eight depths, in a loop: nothing but loads from shared memory and products.
    private static void Multiply<TTile, TPrecision, TCore>(
        ref WarpResults<TTile, TPrecision, TCore> results,
        ArrayView<Float4> slabA, ArrayView<Float4> slabB, ArrayView<Float4> scratch)
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision
        where TCore : struct, ITensorCore
    {
        int placeA = 0;
        int placeB = 0;
        for (int half = 0; half < 2; half++)
        {
            results.Add(slabA.SubView(placeA), slabB.SubView(placeB), scratch);
            placeA += TensorLayout<TTile, TPrecision>.Pitch(TTile.Rows);
            placeB += TensorLayout<TTile, TPrecision>.Pitch(TTile.Columns);
        }
    }

    private static void Store<TTile, TPrecision, TCore>(
        Floats c, Floats bias, ProductShape shape, int row, int column, WarpRow<TTile, TPrecision, TCore> results)
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision
        where TCore : struct, ITensorCore
    {
        Store(c, bias, shape, row, column, results.Tile0);
        Store(c, bias, shape, row, column + 16, results.Tile1);
        if (TensorLayout<TTile, TPrecision>.ColumnTiles == 4)
        {
            Store(c, bias, shape, row, column + 32, results.Tile2);
            Store(c, bias, shape, row, column + 48, results.Tile3);
        }
    }

    private static void Store<TPrecision, TCore>(
        Floats c, Floats bias, ProductShape shape, int row, int column, WarpTile<TPrecision, TCore> results)
        where TPrecision : struct, ITensorPrecision
        where TCore : struct, ITensorCore
    {
        ProductKernels.StoreRow(c, bias, shape, row, column, results.Upper);
        ProductKernels.StoreRow(c, bias, shape, row + 1, column, results.Lower);
    }
}
