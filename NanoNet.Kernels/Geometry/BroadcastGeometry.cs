namespace NanoNet.Kernels.Geometry;

/// <summary>
/// How two operands are read for an output of up to six axes: y[i] = f(a[i · strideA], b[i · strideB]).
/// Axis 0 is the outermost; unused outer axes have size 1.
/// </summary>
/// <remarks>Plain fields, so that the struct travels to a GPU kernel as it is.</remarks>
public readonly record struct BroadcastGeometry(
    int Size0, int Size1, int Size2, int Size3, int Size4, int Size5,
    int StrideA0, int StrideA1, int StrideA2, int StrideA3, int StrideA4, int StrideA5,
    int StrideB0, int StrideB1, int StrideB2, int StrideB3, int StrideB4, int StrideB5)
{
    /// <summary>The most axes there can be after neighbours that are read alike were merged.</summary>
    public const int MaxRank = 6;

    /// <summary>Elements of the output.</summary>
    public int Count => Size0 * Size1 * Size2 * Size3 * Size4 * Size5;

    /// <summary>Whether both operands are read in the output's own order: no index arithmetic is needed.</summary>
    public bool IsElementwise => Size4 * Size3 * Size2 * Size1 * Size0 == 1 && StrideA5 == 1 && StrideB5 == 1;

    /// <summary>Both operands of the same shape as the output.</summary>
    public static BroadcastGeometry Elementwise(int count) => FromStrides([count], [1], [1]);

    /// <summary>
    /// Right-aligns the shapes, repeats axes of size 1 (NumPy's rule), and merges neighbouring axes.
    /// The caller has checked that the shapes fit.
    /// </summary>
    public static BroadcastGeometry Create(ReadOnlySpan<int> shapeA, ReadOnlySpan<int> shapeB)
    {
        int rank = Math.Max(shapeA.Length, shapeB.Length);
        Span<int> sizes = stackalloc int[rank];
        Span<int> stridesA = stackalloc int[rank];
        Span<int> stridesB = stackalloc int[rank];
        RowMajorStrides(shapeA, stridesA);
        RowMajorStrides(shapeB, stridesB);
        for (int axis = 0; axis < rank; axis++)
        {
            int a = axis - (rank - shapeA.Length);
            int b = axis - (rank - shapeB.Length);
            sizes[axis] = Math.Max(a >= 0 ? shapeA[a] : 1, b >= 0 ? shapeB[b] : 1);
        }

        return FromStrides(sizes, stridesA, stridesB);
    }

    /// <summary>Any strides, one an axis; 0 repeats, a permutation of row-major strides transposes.</summary>
    /// <exception cref="ArgumentException">More than six axes remain after merging.</exception>
    public static BroadcastGeometry FromStrides(ReadOnlySpan<int> sizes, ReadOnlySpan<int> stridesA, ReadOnlySpan<int> stridesB)
    {
        // Innermost first: axes are appended until the next one out cannot be merged into the last one taken.
        Span<int> size = stackalloc int[MaxRank];
        Span<int> strideA = stackalloc int[MaxRank];
        Span<int> strideB = stackalloc int[MaxRank];
        size.Fill(1);
        int rank = 0;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (sizes[axis] == 1)
            {
                continue;
            }

            int last = rank - 1;
            if (rank > 0 && stridesA[axis] == strideA[last] * size[last] && stridesB[axis] == strideB[last] * size[last])
            {
                size[last] *= sizes[axis];
                continue;
            }

            if (rank == MaxRank)
            {
                throw new ArgumentException($"Broadcasting over more than {MaxRank} axes that cannot be merged is not supported.");
            }

            (size[rank], strideA[rank], strideB[rank]) = (sizes[axis], stridesA[axis], stridesB[axis]);
            rank++;
        }

        if (rank == 0)
        {
            (strideA[0], strideB[0]) = (1, 1);
        }

        return new(size[5], size[4], size[3], size[2], size[1], size[0],
            strideA[5], strideA[4], strideA[3], strideA[2], strideA[1], strideA[0],
            strideB[5], strideB[4], strideB[3], strideB[2], strideB[1], strideB[0]);
    }

    // Strides of a row-major shape, right-aligned; 0 for axes of size 1 and for axes that the shape lacks.
    private static void RowMajorStrides(ReadOnlySpan<int> shape, Span<int> strides)
    {
        strides.Clear();
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[strides.Length - shape.Length + axis] = shape[axis] == 1 ? 0 : stride;
            stride *= shape[axis];
        }
    }
}
