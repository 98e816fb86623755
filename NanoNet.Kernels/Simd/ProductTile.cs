using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The innermost product: a few rows by two vectors of c, held in registers while the sums run.
/// </summary>
/// <remarks>
/// Each step loads two vectors of b and, for every row, repeats one value of a over a vector: 2 · rows multiply-adds for rows + 2
/// loads, enough to keep both multipliers of a core busy. Everything else in the product kernels exists to call this with
/// operands that are in the cache.
/// </remarks>
internal static unsafe class ProductTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Tiles of so many rows have a load to spare in each step.</summary>
    private const int RowsThatFetchAhead = 6;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => 2 * TLanes.Count;

    /// <summary>
    /// c = a · b, scaled, plus c, plus bias (null for none), rectified, as the shape says; <paramref name="rows"/> is 1 to
    /// <see cref="ILanes{TVector}.TileRows"/>. Step by step it asks for memory at <paramref name="ahead"/> and on, elements
    /// <paramref name="aheadStep"/> apart, to come into the second-level cache: where the machine can be asked, and the tile is not
    /// too low.
    /// </summary>
    public static void Run(int rows, in TileShape shape, float* a, float* b, float* c, float* bias, float* ahead, nint aheadStep)
    {
        switch (rows)
        {
            case 1:
                Run<TileRows1>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 2:
                Run<TileRows2>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 3:
                Run<TileRows3>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 4:
                Run<TileRows4>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 5:
                Run<TileRows5>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 6:
                Run<TileRows6>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 7:
                Run<TileRows7>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 8:
                Run<TileRows8>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 9:
                Run<TileRows9>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 10:
                Run<TileRows10>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 11:
                Run<TileRows11>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 12:
                Run<TileRows12>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 13:
                Run<TileRows13>(shape, a, b, c, bias, ahead, aheadStep);
                break;
            case 14:
                Run<TileRows14>(shape, a, b, c, bias, ahead, aheadStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows>(in TileShape shape, float* a, float* b, float* c, float* bias, float* ahead, nint aheadStep)
        where TRows : struct, ITileRows
    {
        TVector c0L = default, c0R = default;
        TVector c1L = default, c1R = default;
        TVector c2L = default, c2R = default;
        TVector c3L = default, c3R = default;
        TVector c4L = default, c4R = default;
        TVector c5L = default, c5R = default;
        TVector c6L = default, c6R = default;
        TVector c7L = default, c7R = default;
        TVector c8L = default, c8R = default;
        TVector c9L = default, c9R = default;
        TVector cAL = default, cAR = default;
        TVector cBL = default, cBR = default;
        TVector cCL = default, cCR = default;
        TVector cDL = default, cDR = default;

        // Addressing by a base and twice a stride at most is free: a base for every third row, and strides in bytes.
        nint row = shape.ARow * sizeof(float);
        nint aStep = shape.AStep * sizeof(float);
        nint aJump = shape.AJump * sizeof(float);
        nint bStep = shape.BStep * sizeof(float);
        byte* a0 = (byte*)a;
        byte* a3 = a0 + 3 * row;
        byte* a6 = a0 + 6 * row;
        byte* a9 = a0 + 9 * row;
        byte* aC = a0 + 12 * row;
        byte* step = (byte*)b;
        aheadStep *= sizeof(float);
        bool accumulate = shape.Accumulate;
        float scale = shape.Scale;
        int part = shape.Part == 0 ? int.MaxValue : shape.Part;
        for (int stretch = shape.Stretches; stretch > 0; stretch--)
        {
            int steps = shape.Depth;
            do
            {
                int left = Math.Min(part, steps);
                steps -= left;
                for (; left > 0; left--)
                {
                    var bL = TLanes.Load((float*)step);
                    var bR = TLanes.Load((float*)step + TLanes.Count);
                    Step(a0, bL, bR, ref c0L, ref c0R);
                    if (TRows.Count > 1) Step(a0 + row, bL, bR, ref c1L, ref c1R);
                    if (TRows.Count > 2) Step(a0 + 2 * row, bL, bR, ref c2L, ref c2R);
                    if (TRows.Count > 3) Step(a3, bL, bR, ref c3L, ref c3R);
                    if (TRows.Count > 4) Step(a3 + row, bL, bR, ref c4L, ref c4R);
                    if (TRows.Count > 5) Step(a3 + 2 * row, bL, bR, ref c5L, ref c5R);
                    if (TRows.Count > 6) Step(a6, bL, bR, ref c6L, ref c6R);
                    if (TRows.Count > 7) Step(a6 + row, bL, bR, ref c7L, ref c7R);
                    if (TRows.Count > 8) Step(a6 + 2 * row, bL, bR, ref c8L, ref c8R);
                    if (TRows.Count > 9) Step(a9, bL, bR, ref c9L, ref c9R);
                    if (TRows.Count > 10) Step(a9 + row, bL, bR, ref cAL, ref cAR);
                    if (TRows.Count > 11) Step(a9 + 2 * row, bL, bR, ref cBL, ref cBR);
                    if (TRows.Count > 12) Step(aC, bL, bR, ref cCL, ref cCR);
                    if (TRows.Count > 13) Step(aC + row, bL, bR, ref cDL, ref cDR);
                    if (TRows.Count >= RowsThatFetchAhead && Sse.IsSupported)
                    {
                        Sse.Prefetch1(ahead);
                        ahead = (float*)((byte*)ahead + aheadStep);
                    }

                    a0 += aStep;
                    if (TRows.Count > 3) a3 += aStep;
                    if (TRows.Count > 6) a6 += aStep;
                    if (TRows.Count > 9) a9 += aStep;
                    if (TRows.Count > 12) aC += aStep;
                    step += bStep;
                }

                // A part of a sum goes to c when it is done; with the last one c is finished.
                bool isLast = steps == 0 && stretch == 1;
                if (isLast || shape.Part > 0)
                {
                    float* end = isLast ? bias : null;
                    bool relu = isLast && shape.Relu;
                    Finish(c, scale, accumulate, end, relu, ref c0L, ref c0R);
                    if (TRows.Count > 1) Finish(c + shape.CRow, scale, accumulate, end, relu, ref c1L, ref c1R);
                    if (TRows.Count > 2) Finish(c + 2 * shape.CRow, scale, accumulate, end, relu, ref c2L, ref c2R);
                    if (TRows.Count > 3) Finish(c + 3 * shape.CRow, scale, accumulate, end, relu, ref c3L, ref c3R);
                    if (TRows.Count > 4) Finish(c + 4 * shape.CRow, scale, accumulate, end, relu, ref c4L, ref c4R);
                    if (TRows.Count > 5) Finish(c + 5 * shape.CRow, scale, accumulate, end, relu, ref c5L, ref c5R);
                    if (TRows.Count > 6) Finish(c + 6 * shape.CRow, scale, accumulate, end, relu, ref c6L, ref c6R);
                    if (TRows.Count > 7) Finish(c + 7 * shape.CRow, scale, accumulate, end, relu, ref c7L, ref c7R);
                    if (TRows.Count > 8) Finish(c + 8 * shape.CRow, scale, accumulate, end, relu, ref c8L, ref c8R);
                    if (TRows.Count > 9) Finish(c + 9 * shape.CRow, scale, accumulate, end, relu, ref c9L, ref c9R);
                    if (TRows.Count > 10) Finish(c + 10 * shape.CRow, scale, accumulate, end, relu, ref cAL, ref cAR);
                    if (TRows.Count > 11) Finish(c + 11 * shape.CRow, scale, accumulate, end, relu, ref cBL, ref cBR);
                    if (TRows.Count > 12) Finish(c + 12 * shape.CRow, scale, accumulate, end, relu, ref cCL, ref cCR);
                    if (TRows.Count > 13) Finish(c + 13 * shape.CRow, scale, accumulate, end, relu, ref cDL, ref cDR);
                    accumulate = true;
                }
            }
            while (steps > 0);

            a0 += aJump;
            a3 += aJump;
            a6 += aJump;
            a9 += aJump;
            aC += aJump;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* a, TVector bL, TVector bR, ref TVector cL, ref TVector cR)
    {
        var x = TLanes.Broadcast(*(float*)a);
        cL = TLanes.MultiplyAdd(x, bL, cL);
        cR = TLanes.MultiplyAdd(x, bR, cR);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        float* c, float scale, bool accumulate, float* bias, bool relu, ref TVector left, ref TVector right)
    {
        if (scale != 0)
        {
            var scales = TLanes.Broadcast(scale);
            left = TLanes.Multiply(scales, left);
            right = TLanes.Multiply(scales, right);
        }

        if (accumulate)
        {
            left = TLanes.Add(left, TLanes.Load(c));
            right = TLanes.Add(right, TLanes.Load(c + TLanes.Count));
        }

        if (bias is not null)
        {
            left = TLanes.Add(left, TLanes.Load(bias));
            right = TLanes.Add(right, TLanes.Load(bias + TLanes.Count));
        }

        if (relu)
        {
            left = TLanes.Relu(left);
            right = TLanes.Relu(right);
        }

        TLanes.Store(left, c);
        TLanes.Store(right, c + TLanes.Count);
        left = default;
        right = default;
    }
}
