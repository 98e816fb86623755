using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The tiled product that matrix products and convolutions share. A group computes a tile of the result: step by step
/// it copies a slab of both operands to shared memory, where each element serves a whole row or column of the tile, and
/// each thread multiplies what its own results need, in registers.
/// </summary>
internal sealed partial class ProductKernels(KernelQueue queue)
{
    /// <summary>
    /// c = act(a · bᵀ + bias) with a [rows, depth] and b [columns, depth], or the part of it that is this split's. With
    /// a mask in the bias' place c = scale · a · bᵀ where that is positive, else 0.
    /// </summary>
    internal static void ProductKernel<TTile, TWidth, TA, TB>(
        Floats c, Floats a, Floats b, Floats bias, TA operandA, TB operandB, ProductShape shape)
        where TTile : struct, ITile
        where TWidth : struct, IWidth
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        // Two sets of slabs: one is multiplied while the other is filled, so that one barrier a step will do.
        var slabs = SharedMemory.Allocate<Float4>(
            2 * TileLayout<TTile>.Slabs + DepthTable<TTile, TWidth, TA, TB>.Size);
        var table = new DepthTable<TTile, TWidth, TA, TB>(slabs);

        int firstRow = Grid.IdxX * TTile.Rows;
        int firstColumn = Grid.IdxY * TTile.Columns;
        int depth = Grid.IdxZ * shape.DepthPerSplit;
        int end = Math.Min(depth + shape.DepthPerSplit, shape.Depth);
        int steps = (end - depth + TileLayout<TTile>.Step - 1) / TileLayout<TTile>.Step;

        // Operands of one kind share what tells the depth.
        int depthA = Fetch<TTile, TWidth, TA>.FirstDepth(TTile.Rows);
        int depthB = TTile.Rows == TTile.Columns && TA.DepthIsContiguous == TB.DepthIsContiguous
            ? depthA
            : Fetch<TTile, TWidth, TB>.FirstDepth(TTile.Columns);
        var fetchA = Fetch<TTile, TWidth, TA>.At(operandA, a, depthA, firstRow, shape.Rows, TTile.Rows, 0);
        var fetchB = Fetch<TTile, TWidth, TB>.At(
            operandB, b, depthB, firstColumn, shape.Columns, TTile.Columns, TileLayout<TTile>.FirstSlabB);

        // The first step takes what is over, so that the others are full.
        int second = end - (steps - 1) * TileLayout<TTile>.Step;
        table.Prepare(operandA, operandB, second + TileLayout<TTile>.Step, end);
        fetchA.Store(slabs, TTile.Rows, fetchA.LoadFirst(operandA, a, depth, second));
        fetchB.Store(slabs, TTile.Columns, fetchB.LoadFirst(operandB, b, depth, second));

        // From here on the next slabs are always on their way from memory while the present ones are multiplied. That
        // they set out before the barrier keeps compilers from fetching them only when they are needed.
        depth = second;
        Float4 nextA = default;
        Float4 nextB = default;
        if (steps > 1)
        {
            nextA = fetchA.Load(operandA, a, depth);
            nextB = fetchB.Load(operandB, b, depth);
        }

        Group.Barrier();
        int current = 0;
        int firstDepth = TileLayout<TTile>.Slice * TTile.Depth;
        int placeA = firstDepth * TileLayout<TTile>.Pitch(TTile.Rows) + TileLayout<TTile>.ThreadRow;
        int placeB = firstDepth * TileLayout<TTile>.Pitch(TTile.Columns) + TileLayout<TTile>.ThreadColumn
            + TileLayout<TTile>.FirstSlabB;
        ThreadResults<TTile> results = default;
        ThreadResults<TTile> totals = default;
        while (depth < end)
        {
            int pause = TTile.StepsPerPartial == 0
                ? end
                : Math.Min(depth + TTile.StepsPerPartial * TileLayout<TTile>.Step, end);

            // Only where parts of sums have an even number of steps: each must begin with the first slabs.
            if (!DepthTable<TTile, TWidth, TA, TB>.IsUsed
                && !TWidth.IsWide && !TTile.IsTall && TTile.StepsPerPartial % 2 == 0)
            {
                depth = AddByTwos(
                    ref results, ref nextA, ref nextB, slabs, placeA, placeB,
                    a, b, operandA, operandB, fetchA, fetchB, depth, pause, end);
            }

            table.Turn(operandA, operandB, depth + TileLayout<TTile>.Step, end);
            for (; depth < pause; depth += TileLayout<TTile>.Step)
            {
                results.AddSlab(slabs.SubView(current).SubView(placeA), slabs.SubView(current).SubView(placeB));
                current = TileLayout<TTile>.Slabs - current;

                // The one that takes four stores goes first: the other way around costs two registers on sm_75.
                if (!TWidth.IsWide || TA.DepthIsContiguous || !TB.DepthIsContiguous)
                {
                    fetchA.Store(slabs.SubView(current), TTile.Rows, nextA);
                    fetchB.Store(slabs.SubView(current), TTile.Columns, nextB);
                }
                else
                {
                    fetchB.Store(slabs.SubView(current), TTile.Columns, nextB);
                    fetchA.Store(slabs.SubView(current), TTile.Rows, nextA);
                }

                // After the last step the last slabs come once more, for nothing: cheaper than to ask.
                int next = DepthTable<TTile, TWidth, TA, TB>.IsUsed
                    ? depth + TileLayout<TTile>.Step
                    : Math.Min(depth + TileLayout<TTile>.Step, end - TileLayout<TTile>.Step);
                nextA = fetchA.Load(operandA, a, table.A(operandA, next + depthA));
                nextB = fetchB.Load(operandB, b, table.B(operandB, next + depthB));
                Group.Barrier();
            }

            if (TTile.StepsPerPartial > 0)
            {
                totals.Add(results);
                results = default;
            }
        }

        results.AddSlab(slabs.SubView(current).SubView(placeA), slabs.SubView(current).SubView(placeB));
        if (TTile.StepsPerPartial > 0)
        {
            results.Add(totals);
        }

        if (TTile.Slices > 1)
        {
            SumSlices(slabs, ref results);
        }

        if (TileLayout<TTile>.Slice == 0)
        {
            int row = firstRow + TileLayout<TTile>.ThreadRow * 4;
            int column = firstColumn + TileLayout<TTile>.ThreadColumn * 4;
            Store(c, bias, shape, row, column, results.TopLeft);
            if (TTile.IsBroad)
            {
                Store(c, bias, shape, row, column + TTile.Columns / 2, results.TopRight);
            }

            if (TTile.IsTall)
            {
                Store(c, bias, shape, row + TTile.Rows / 2, column, results.BottomLeft);
            }

            if (TTile.IsTall && TTile.IsBroad)
            {
                Store(c, bias, shape, row + TTile.Rows / 2, column + TTile.Columns / 2, results.BottomRight);
            }
        }
    }

    // Steps by twos: slabs lie at constant places, and what a step has besides its loads and products is shared. Larger
    // tiles have less of that for their products, and no registers to spare. Returns how deep it came.
    private static int AddByTwos<TTile, TWidth, TA, TB>(
        ref ThreadResults<TTile> results, ref Float4 nextA, ref Float4 nextB,
        ArrayView<Float4> slabs, int placeA, int placeB, Floats a, Floats b, TA operandA, TB operandB,
        Fetch<TTile, TWidth, TA> fetchA, Fetch<TTile, TWidth, TB> fetchB, int depth, int pause, int end)
        where TTile : struct, ITile
        where TWidth : struct, IWidth
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        int step = TileLayout<TTile>.Step;
        var other = slabs.SubView(TileLayout<TTile>.Slabs);
        for (; depth + step < pause; depth += 2 * step)
        {
            results.AddSlab(slabs.SubView(placeA), slabs.SubView(placeB));
            fetchA.Store(other, TTile.Rows, nextA);
            fetchB.Store(other, TTile.Columns, nextB);
            nextA = fetchA.Load(operandA, a, depth + step);
            nextB = fetchB.Load(operandB, b, depth + step);
            Group.Barrier();
            results.AddSlab(other.SubView(placeA), other.SubView(placeB));
            fetchA.Store(slabs, TTile.Rows, nextA);
            fetchB.Store(slabs, TTile.Columns, nextB);
            int next = Math.Min(depth + 2 * step, end - step);
            nextA = fetchA.Load(operandA, a, next);
            nextB = fetchB.Load(operandB, b, next);
            Group.Barrier();
        }

        return depth;
    }

    /// <summary>c = act(Σ parts + bias), the parts in order.</summary>
    internal static void SumSplitsKernel(Floats c, Floats parts, Floats bias, ProductShape shape, FastDivisor columns)
    {
        int i = Grid.GlobalIndex.X;
        int count = shape.Rows * shape.Columns;
        if (i < count)
        {
            // What is read at the end is on its way with the parts.
            int place = shape.HasMask != 0 ? i : i - columns.Divide(i) * shape.Columns;
            float extra = shape.HasMask + shape.HasBias != 0 ? bias[place] : 0;
            var splits = new Axis(i, count, shape.Splits);
            c[i] = Finish(splits.Fold<Sum>(parts, 1, parts[i]), extra, shape);
        }
    }

    /// <summary>
    /// What is done to a result before it is stored, with its element of the mask, or of the bias, already read.
    /// </summary>
    internal static float Finish(float value, float extra, ProductShape shape) =>
        shape.HasMask != 0
            ? Mask(value, extra, shape)
            : Finish(shape.HasBias != 0 ? value + extra : value, shape);

    // The upper half of the slices gives its results to the lower half, until there is one.
    private static void SumSlices<TTile>(ArrayView<Float4> shared, ref ThreadResults<TTile> results)
        where TTile : struct, ITile
    {
        int slice = TileLayout<TTile>.Slice;
        int threads = TileLayout<TTile>.Threads;
        for (int half = TTile.Slices / 2; half > 0; half /= 2)
        {
            Group.Barrier();
            int place = slice % half * 4 * threads + TileLayout<TTile>.Thread;
            if (slice >= half & slice < 2 * half)
            {
                shared[place] = results.TopLeft.Row0;
                shared[place + threads] = results.TopLeft.Row1;
                shared[place + 2 * threads] = results.TopLeft.Row2;
                shared[place + 3 * threads] = results.TopLeft.Row3;
            }

            Group.Barrier();
            if (slice < half)
            {
                results.TopLeft.Row0 = Float4.Add(results.TopLeft.Row0, shared[place]);
                results.TopLeft.Row1 = Float4.Add(results.TopLeft.Row1, shared[place + threads]);
                results.TopLeft.Row2 = Float4.Add(results.TopLeft.Row2, shared[place + 2 * threads]);
                results.TopLeft.Row3 = Float4.Add(results.TopLeft.Row3, shared[place + 3 * threads]);
            }
        }
    }

    private static void Store(Floats c, Floats bias, ProductShape shape, int row, int column, ResultTile results)
    {
        StoreRow(c, bias, shape, row, column, results.Row0);
        StoreRow(c, bias, shape, row + 1, column, results.Row1);
        StoreRow(c, bias, shape, row + 2, column, results.Row2);
        StoreRow(c, bias, shape, row + 3, column, results.Row3);
    }

    internal static void StoreRow(Floats c, Floats bias, ProductShape shape, int row, int column, Float4 values)
    {
        if (row >= shape.Rows | column >= shape.Columns)
        {
            return;
        }

        int place = (Grid.IdxZ * shape.Rows + row) * shape.Columns + column;
        if (shape.Columns % 4 == 0)
        {
            Float4.Store(c, place, Finish(values, bias, place, column, shape));
            return;
        }

        Store(c, bias, shape, place, column, values.X);
        Store(c, bias, shape, place + 1, column + 1, values.Y);
        Store(c, bias, shape, place + 2, column + 2, values.Z);
        Store(c, bias, shape, place + 3, column + 3, values.W);
    }

    private static void Store(Floats c, Floats bias, ProductShape shape, int place, int column, float value)
    {
        if (column < shape.Columns)
        {
            c[place] = Finish(value, bias, place, column, shape);
        }
    }

    private static Float4 Finish(Float4 values, Floats bias, int place, int column, ProductShape shape)
    {
        if (shape.HasMask != 0)
        {
            var mask = Float4.Load(bias, place);
            return new(
                Mask(values.X, mask.X, shape), Mask(values.Y, mask.Y, shape),
                Mask(values.Z, mask.Z, shape), Mask(values.W, mask.W, shape));
        }

        if (shape.HasBias != 0)
        {
            values = Float4.Add(values, Float4.Load(bias, column));
        }

        return new(Finish(values.X, shape), Finish(values.Y, shape), Finish(values.Z, shape), Finish(values.W, shape));
    }

    /// <summary>What is done to a result before it is stored.</summary>
    internal static float Finish(float value, Floats bias, int place, int column, ProductShape shape) =>
        shape.HasMask != 0
            ? Mask(value, bias[place], shape)
            : Finish(shape.HasBias != 0 ? value + bias[column] : value, shape);

    private static float Mask(float value, float mask, ProductShape shape) => mask > 0 ? value * shape.Scale : 0;

    private static float Finish(float value, ProductShape shape) => shape.HasRelu != 0 && value < 0 ? 0 : value;
}
