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
        var fetchA = TensorFetch<TTile, TPrecision, TA, RowsSide>.At(operandA, firstRow, shape.Rows);
        var fetchB = TensorFetch<TTile, TPrecision, TB, ColumnsSide>.At(operandB, firstColumn, shape.Columns);

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
        int warpRow = TensorLayout<TTile, TPrecision>.WarpRow + (lane >> 2) * 2;
        int placeA = TensorLayout<TTile, TPrecision>.Place(warpRow / 2, lane & 3);
        int warpColumn = TensorLayout<TTile, TPrecision>.WarpColumn;
        int placeB = TensorLayout<TTile, TPrecision>.Place(warpColumn / 2 + (lane >> 2), lane & 3)
            + TensorLayout<TTile, TPrecision>.FirstB;
        WarpResults<TTile, TPrecision, TCore> results = default;
        WarpResults<TTile, TPrecision, TCore> totals = default;
        while (depth < end)
        {
            int pause = TPrecision.StepsPerPartial == 0 ? end : Math.Min(depth + TPrecision.StepsPerPartial * Step, end);
            for (; depth < pause; depth += Step)
            {
                Multiply(ref results, slabs.SubView(current + placeA), slabs.SubView(current + placeB), scratch);
                current = size - current;
                fetchA.Store(slabs.SubView(current), nextA);
                fetchB.Store(slabs.SubView(current), nextB);

                // After the last step the last slabs come once more, for nothing: cheaper than to ask.
                int next = Math.Min(depth + Step, end - Step);
                nextA = fetchA.Load(operandA, a, next);
                nextB = fetchB.Load(operandB, b, next);
                Group.Barrier();
            }

            if (TPrecision.StepsPerPartial > 0)
            {
                totals.Add(results);
                results = default;
            }
        }

        Multiply(ref results, slabs.SubView(current + placeA), slabs.SubView(current + placeB), scratch);
        if (TPrecision.StepsPerPartial > 0)
        {
            results.Add(totals);
        }

        int row = firstRow + warpRow;
        int column = firstColumn + warpColumn + (lane & 3) * 4;
        int apart = TensorLayout<TTile, TPrecision>.RowsApart;
        Store(c, bias, shape, row, column, results.Row0);
        Store(c, bias, shape, row + apart, column, results.Row1);
        if (TensorLayout<TTile, TPrecision>.RowTiles == 4)
        {
            Store(c, bias, shape, row + 2 * apart, column, results.Row2);
            Store(c, bias, shape, row + 3 * apart, column, results.Row3);
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
        int apart = TensorLayout<TTile, TPrecision>.ColumnsApart;
        Store(c, bias, shape, row, column, results.Tile0);
        Store(c, bias, shape, row, column + apart, results.Tile1);
        if (TensorLayout<TTile, TPrecision>.ColumnTiles == 4)
        {
            Store(c, bias, shape, row, column + 2 * apart, results.Tile2);
            Store(c, bias, shape, row, column + 3 * apart, results.Tile3);
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
