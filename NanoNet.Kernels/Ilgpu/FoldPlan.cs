using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// How a reduction of the middle axis of [Outer, Count, Inner] is laid over a device's threads: an output is folded by
/// a team, and where there are few outputs of many values, the axis is first cut into chunks whose partial results a
/// second pass folds.
/// </summary>
/// <remarks>
/// The plan follows from the sizes, never from how busy a device is, so sums run in the same order every time.
/// </remarks>
internal readonly struct FoldPlan
{
    // A GPU has room for some ten thousand threads at once; with four times as many it stays busy to the end.
    private const int EnoughThreads = 1 << 16;

    // Below this many values a lane, a second pass costs more than it saves.
    private const int ValuesPerLane = 32;

    // Rows that lie side by side are read 32 neighbours at a time: one full 128-byte transaction.
    private const int NeighboursPerRead = 32;

    private readonly FastDivisor _inner;
    private readonly FastDivisor _chunks;

    private FoldPlan(ReduceGeometry geometry, int chunks, Team team)
    {
        Geometry = geometry;
        Chunks = chunks;
        ChunkLength = (geometry.Count + chunks - 1) / chunks;
        Team = team;
        _inner = new FastDivisor(geometry.Inner);
        _chunks = new FastDivisor(chunks);
    }

    /// <summary>The sizes.</summary>
    public ReduceGeometry Geometry { get; }

    /// <summary>Into how many parts the axis is cut.</summary>
    public int Chunks { get; }

    /// <summary>Values of a part; the last one may be shorter.</summary>
    public int ChunkLength { get; }

    /// <summary>Who folds a part.</summary>
    public Team Team { get; }

    /// <summary>Results of this pass, [Outer, Chunks, Inner].</summary>
    public int Results => Geometry.Outer * Chunks * Geometry.Inner;

    /// <summary>Groups to launch.</summary>
    public int Groups => Team.Groups(Results);

    /// <summary>The second pass, over the chunks of this one.</summary>
    public ReduceGeometry Rest => new(Geometry.Outer, Chunks, Geometry.Inner);

    /// <summary>Plans a reduction.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="group">Threads of a group.</param>
    /// <param name="inOnePass">Whether the axis must stay whole, as for the index of the largest.</param>
    public static FoldPlan Create(ReduceGeometry geometry, int group, bool inOnePass = false)
    {
        bool contiguous = geometry.Inner < NeighboursPerRead;
        int mostLanes = contiguous ? group : Math.Max(1, group / NeighboursPerRead);
        long outputs = Math.Max(1, (long)geometry.Outer * geometry.Inner);
        int lanes = 1;
        while (lanes < mostLanes && lanes * 4 <= geometry.Count && outputs * lanes < EnoughThreads)
        {
            lanes *= 2;
        }

        int chunks = 1;
        if (!inOnePass && geometry.Count > 2 * ValuesPerLane * lanes)
        {
            long wanted = Math.Min(EnoughThreads / (outputs * lanes), geometry.Count / (ValuesPerLane * lanes));
            chunks = (int)Math.Max(1, wanted);
        }

        var team = contiguous ? Team.ForContiguousRows(lanes, group) : Team.ForRowsSideBySide(lanes, group);
        return new(geometry, chunks, team);
    }

    /// <summary>
    /// Where the values of a result lie: the first one, and the first one that is no longer of this part.
    /// </summary>
    /// <remarks>Places are in x; neighbours along the axis are <see cref="ReduceGeometry.Inner"/> apart.</remarks>
    public (int Start, int End, int First) Part(int result)
    {
        int outerAndChunk = _inner.Divide(result);
        int inner = result - outerAndChunk * Geometry.Inner;
        int outer = _chunks.Divide(outerAndChunk);
        int start = (outerAndChunk - outer * Chunks) * ChunkLength;
        int end = Math.Min(start + ChunkLength, Geometry.Count);
        return (start, end, outer * Geometry.Count * Geometry.Inner + inner);
    }
}
