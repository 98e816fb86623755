using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NanoNet.Kernels.Simd;

/// <content>The kernel itself, written out row by row: sums in an array would not stay in registers.</content>
internal static unsafe partial class ProductTile<TLanes, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows, TKind>(
        in TileShape shape, float* a, float* b, float* c, float* bias, float* ahead, nint aheadStep, float* panel,
        ComingRows* coming)
        where TRows : struct, ITileRows
        where TKind : struct, ITileKind
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
        nint lastRow = shape.Copied is null ? row : shape.CopiedRow * sizeof(float);
        nint toLast = shape.Copied is null ? 9 * row : (nint)shape.Copied - (nint)a;
        byte* aOfRun = (byte*)a;
        byte* bOfRun = (byte*)b;
        aheadStep *= sizeof(float);
        float* sums = TKind.IsLong ? shape.Sums : c;
        nint sumsRow = TKind.IsLong ? Columns : shape.CRow;
        float* from = shape.Accumulate ? c : null;
        nint fromRow = shape.CRow;
        float scale = shape.Scale;
        int part = shape.Part == 0 ? int.MaxValue : shape.Part;
        int run = TKind.IsLong ? Math.Min(part, StepsPerRowOfC) : part;
        int runsOfPart = part / run;
        int runs = runsOfPart;
        nint nearStep = shape.CRow * sizeof(float);
        byte* nearEnd = (byte*)c + TRows.Count * nearStep;
        byte* near = shape.Streams && !shape.Accumulate ? nearEnd : (byte*)c;
        for (int stretch = shape.Stretches; stretch > 0; stretch--)
        {
            int steps = shape.Depth;
            do
            {
                int left = Math.Min(run, steps);
                steps -= left;

                // Set anew for each run, these live in the loop only, and the JIT keeps them all in registers.
                byte* a0 = aOfRun;
                byte* a3 = a0 + 3 * row;
                byte* a6 = a0 + 6 * row;
                byte* a9 = a0 + toLast;
                byte* aC = a9 + 3 * lastRow;
                byte* step = bOfRun;
                if (TKind.Copies && TRows.Count > TileShape.RowsInPlace)
                {
                    CopyRows(TRows.Count - TileShape.RowsInPlace, left, a6 + 3 * row, row, a9, lastRow);
                }

                for (; left > 0; left--)
                {
                    var bL = TLanes.Load((float*)step);
                    var bR = TLanes.Load((float*)step + TLanes.Count);
                    if (TKind.Packs)
                    {
                        TLanes.Store(bL, panel);
                        TLanes.Store(bR, panel + TLanes.Count);
                        panel += 2 * TLanes.Count;
                    }

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
                    if (TRows.Count > 10) Step(a9 + lastRow, bL, bR, ref cAL, ref cAR);
                    if (TRows.Count > 11) Step(a9 + 2 * lastRow, bL, bR, ref cBL, ref cBR);
                    if (TRows.Count > 12) Step(aC, bL, bR, ref cCL, ref cCR);
                    if (TRows.Count > 13) Step(aC + lastRow, bL, bR, ref cDL, ref cDR);
                    if ((TKind.Packs || TRows.Count >= RowsThatFetchAhead) && Sse.IsSupported)
                    {
                        Sse.Prefetch1(ahead);
                        if (TKind.Packs) Sse.Prefetch1(ahead + TLanes.Count);
                        ahead = (float*)((byte*)ahead + aheadStep);
                    }

                    a0 += aStep;
                    if (TRows.Count > 3) a3 += aStep;
                    if (TRows.Count > 6) a6 += aStep;
                    if (TRows.Count > 9) a9 += aStep;
                    if (TRows.Count > 12) aC += aStep;
                    step += bStep;
                }

                aOfRun = a0;
                bOfRun = step;
                if (TKind.IsLong && !TKind.Packs && coming is not null)
                {
                    AskFor(coming);
                }

                // A part of a sum is put aside when it is done; with the last one the sum goes to c.
                bool isLast = steps == 0 && stretch == 1;
                bool isPart = isLast
                    || (TKind.IsLong ? --runs == 0 || (steps == 0 && shape.Part > 0) : shape.Part > 0);
                if (TKind.IsLong && !isPart && near != nearEnd && Sse.IsSupported)
                {
                    Sse.Prefetch1(near);
                    Sse.Prefetch1(near + FloatsOfLine * sizeof(float));
                    near += nearStep;
                }

                if (isPart)
                {
                    runs = runsOfPart;
                    // Each question is asked once, for all rows: some sums have few steps, and this must not take as long.
                    if (scale != 0)
                    {
                        var scales = TLanes.Broadcast(scale);
                        Scale(scales, ref c0L, ref c0R);
                        if (TRows.Count > 1) Scale(scales, ref c1L, ref c1R);
                        if (TRows.Count > 2) Scale(scales, ref c2L, ref c2R);
                        if (TRows.Count > 3) Scale(scales, ref c3L, ref c3R);
                        if (TRows.Count > 4) Scale(scales, ref c4L, ref c4R);
                        if (TRows.Count > 5) Scale(scales, ref c5L, ref c5R);
                        if (TRows.Count > 6) Scale(scales, ref c6L, ref c6R);
                        if (TRows.Count > 7) Scale(scales, ref c7L, ref c7R);
                        if (TRows.Count > 8) Scale(scales, ref c8L, ref c8R);
                        if (TRows.Count > 9) Scale(scales, ref c9L, ref c9R);
                        if (TRows.Count > 10) Scale(scales, ref cAL, ref cAR);
                        if (TRows.Count > 11) Scale(scales, ref cBL, ref cBR);
                        if (TRows.Count > 12) Scale(scales, ref cCL, ref cCR);
                        if (TRows.Count > 13) Scale(scales, ref cDL, ref cDR);
                    }

                    if (from is not null)
                    {
                        AddLine(ref from, fromRow, ref c0L, ref c0R);
                        if (TRows.Count > 1) AddLine(ref from, fromRow, ref c1L, ref c1R);
                        if (TRows.Count > 2) AddLine(ref from, fromRow, ref c2L, ref c2R);
                        if (TRows.Count > 3) AddLine(ref from, fromRow, ref c3L, ref c3R);
                        if (TRows.Count > 4) AddLine(ref from, fromRow, ref c4L, ref c4R);
                        if (TRows.Count > 5) AddLine(ref from, fromRow, ref c5L, ref c5R);
                        if (TRows.Count > 6) AddLine(ref from, fromRow, ref c6L, ref c6R);
                        if (TRows.Count > 7) AddLine(ref from, fromRow, ref c7L, ref c7R);
                        if (TRows.Count > 8) AddLine(ref from, fromRow, ref c8L, ref c8R);
                        if (TRows.Count > 9) AddLine(ref from, fromRow, ref c9L, ref c9R);
                        if (TRows.Count > 10) AddLine(ref from, fromRow, ref cAL, ref cAR);
                        if (TRows.Count > 11) AddLine(ref from, fromRow, ref cBL, ref cBR);
                        if (TRows.Count > 12) AddLine(ref from, fromRow, ref cCL, ref cCR);
                        if (TRows.Count > 13) AddLine(ref from, fromRow, ref cDL, ref cDR);
                    }

                    if (isLast && bias is not null)
                    {
                        var bL = TLanes.Load(bias);
                        var bR = TLanes.Load(bias + TLanes.Count);
                        Add(bL, bR, ref c0L, ref c0R);
                        if (TRows.Count > 1) Add(bL, bR, ref c1L, ref c1R);
                        if (TRows.Count > 2) Add(bL, bR, ref c2L, ref c2R);
                        if (TRows.Count > 3) Add(bL, bR, ref c3L, ref c3R);
                        if (TRows.Count > 4) Add(bL, bR, ref c4L, ref c4R);
                        if (TRows.Count > 5) Add(bL, bR, ref c5L, ref c5R);
                        if (TRows.Count > 6) Add(bL, bR, ref c6L, ref c6R);
                        if (TRows.Count > 7) Add(bL, bR, ref c7L, ref c7R);
                        if (TRows.Count > 8) Add(bL, bR, ref c8L, ref c8R);
                        if (TRows.Count > 9) Add(bL, bR, ref c9L, ref c9R);
                        if (TRows.Count > 10) Add(bL, bR, ref cAL, ref cAR);
                        if (TRows.Count > 11) Add(bL, bR, ref cBL, ref cBR);
                        if (TRows.Count > 12) Add(bL, bR, ref cCL, ref cCR);
                        if (TRows.Count > 13) Add(bL, bR, ref cDL, ref cDR);
                    }

                    if (isLast && shape.Relu)
                    {
                        Relu(ref c0L, ref c0R);
                        if (TRows.Count > 1) Relu(ref c1L, ref c1R);
                        if (TRows.Count > 2) Relu(ref c2L, ref c2R);
                        if (TRows.Count > 3) Relu(ref c3L, ref c3R);
                        if (TRows.Count > 4) Relu(ref c4L, ref c4R);
                        if (TRows.Count > 5) Relu(ref c5L, ref c5R);
                        if (TRows.Count > 6) Relu(ref c6L, ref c6R);
                        if (TRows.Count > 7) Relu(ref c7L, ref c7R);
                        if (TRows.Count > 8) Relu(ref c8L, ref c8R);
                        if (TRows.Count > 9) Relu(ref c9L, ref c9R);
                        if (TRows.Count > 10) Relu(ref cAL, ref cAR);
                        if (TRows.Count > 11) Relu(ref cBL, ref cBR);
                        if (TRows.Count > 12) Relu(ref cCL, ref cCR);
                        if (TRows.Count > 13) Relu(ref cDL, ref cDR);
                    }

                    float* line = isLast ? c : sums;
                    nint lineRow = isLast ? shape.CRow : sumsRow;
                    bool streams = TKind.IsLong && isLast && shape.Streams;
                    StoreLine(ref line, lineRow, streams, ref c0L, ref c0R);
                    if (TRows.Count > 1) StoreLine(ref line, lineRow, streams, ref c1L, ref c1R);
                    if (TRows.Count > 2) StoreLine(ref line, lineRow, streams, ref c2L, ref c2R);
                    if (TRows.Count > 3) StoreLine(ref line, lineRow, streams, ref c3L, ref c3R);
                    if (TRows.Count > 4) StoreLine(ref line, lineRow, streams, ref c4L, ref c4R);
                    if (TRows.Count > 5) StoreLine(ref line, lineRow, streams, ref c5L, ref c5R);
                    if (TRows.Count > 6) StoreLine(ref line, lineRow, streams, ref c6L, ref c6R);
                    if (TRows.Count > 7) StoreLine(ref line, lineRow, streams, ref c7L, ref c7R);
                    if (TRows.Count > 8) StoreLine(ref line, lineRow, streams, ref c8L, ref c8R);
                    if (TRows.Count > 9) StoreLine(ref line, lineRow, streams, ref c9L, ref c9R);
                    if (TRows.Count > 10) StoreLine(ref line, lineRow, streams, ref cAL, ref cAR);
                    if (TRows.Count > 11) StoreLine(ref line, lineRow, streams, ref cBL, ref cBR);
                    if (TRows.Count > 12) StoreLine(ref line, lineRow, streams, ref cCL, ref cCR);
                    if (TRows.Count > 13) StoreLine(ref line, lineRow, streams, ref cDL, ref cDR);
                    from = sums;
                    fromRow = sumsRow;
                }
            }
            while (steps > 0);

            aOfRun += aJump;
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
    private static void AskFor(ComingRows* coming)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        float* next = coming->Next;
        for (int row = coming->AtATime; row > 0 && next != coming->End; row--)
        {
            Sse.Prefetch1(next);
            Sse.Prefetch1(next + FloatsOfLine);
            next += coming->Step;
        }

        coming->Next = next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRows(int rows, int steps, byte* source, nint sourceRow, byte* target, nint targetRow)
    {
        for (; rows > 0; rows--)
        {
            int step = 0;
            for (; step + TLanes.Count <= steps; step += TLanes.Count)
            {
                TLanes.Store(TLanes.Load((float*)source + step), (float*)target + step);
            }

            for (; step < steps; step++)
            {
                ((float*)target)[step] = ((float*)source)[step];
            }

            source += sourceRow;
            target += targetRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(TVector scales, ref TVector cL, ref TVector cR)
    {
        cL = TLanes.Multiply(scales, cL);
        cR = TLanes.Multiply(scales, cR);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLine(ref float* line, nint next, ref TVector cL, ref TVector cR)
    {
        Add(TLanes.Load(line), TLanes.Load(line + TLanes.Count), ref cL, ref cR);
        line += next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector left, TVector right, ref TVector cL, ref TVector cR)
    {
        cL = TLanes.Add(cL, left);
        cR = TLanes.Add(cR, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Relu(ref TVector cL, ref TVector cR)
    {
        cL = TLanes.Relu(cL);
        cR = TLanes.Relu(cR);
    }

    /// <summary>Stores a row and begins its next sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLine(ref float* line, nint next, bool streams, ref TVector cL, ref TVector cR)
    {
        if (streams)
        {
            TLanes.Stream(cL, line);
            TLanes.Stream(cR, line + TLanes.Count);
        }
        else
        {
            TLanes.Store(cL, line);
            TLanes.Store(cR, line + TLanes.Count);
        }

        line += next;
        cL = default;
        cR = default;
    }
}
