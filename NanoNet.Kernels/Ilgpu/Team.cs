using System.Numerics;
using ILGPU;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// How the threads of a group are cut into teams: each team folds one row of values (their sum, their largest)
/// together, its threads being the team's lanes. A team of one is a thread that works alone.
/// </summary>
/// <remarks>
/// Neighbouring threads must read neighbouring addresses. Where a row is contiguous they are the lanes of one team;
/// where the rows lie side by side they are the same lane of neighbouring teams.
/// </remarks>
internal readonly struct Team
{
    private readonly int _logNear;
    private readonly int _lanesAreNear;

    private Team(int lanes, int group, bool lanesAreNear)
    {
        Lanes = lanes;
        Count = group / lanes;
        _lanesAreNear = lanesAreNear ? 1 : 0;
        _logNear = BitOperations.Log2((uint)(lanesAreNear ? lanes : Count));
    }

    /// <summary>Threads that fold one row: a power of two.</summary>
    public int Lanes { get; }

    /// <summary>Teams of a group, which is the number of rows that it folds.</summary>
    public int Count { get; }

    /// <summary>Teams for rows whose values are contiguous.</summary>
    public static Team ForContiguousRows(int lanes, int group) => new(lanes, group, lanesAreNear: true);

    /// <summary>Teams for rows that lie side by side.</summary>
    public static Team ForRowsSideBySide(int lanes, int group) => new(lanes, group, lanesAreNear: false);

    /// <summary>
    /// Teams for <paramref name="columns"/> contiguous values a row: as many lanes as leave each of them two values or
    /// more, so that folding together does not cost more than it saves.
    /// </summary>
    public static Team ForColumns(int columns, int group) =>
        ForContiguousRows(Math.Min(group, 1 << BitOperations.Log2((uint)Math.Max(1, columns / 2))), group);

    /// <summary>Groups that fold so many rows.</summary>
    public int Groups(int rows) => (rows + Count - 1) / Count;

    /// <summary>The row that this thread works on.</summary>
    public int Row => Grid.IdxX * Count + (_lanesAreNear != 0 ? Group.IdxX >> _logNear : Group.IdxX & (Count - 1));

    /// <summary>Which of its team's lanes this thread is.</summary>
    public int Lane => _lanesAreNear != 0 ? Group.IdxX & (Lanes - 1) : Group.IdxX >> _logNear;

    private int LaneStride => _lanesAreNear != 0 ? 1 : Count;

    /// <summary>
    /// Combines the lanes' values in a fixed order, halving the lanes that hold one; every lane gets the result. All
    /// threads of the group must call it.
    /// </summary>
    /// <param name="shared">Shared memory, one float a thread.</param>
    /// <param name="value">This lane's value.</param>
    public float Fold<TFold>(Floats shared, float value) where TFold : struct, IFold
    {
        int thread = Group.IdxX;
        int lane = Lane;
        int stride = LaneStride;
        shared[thread] = value;
        Group.Barrier();
        for (int reach = Lanes / 2; reach > 0; reach /= 2)
        {
            if (lane < reach)
            {
                shared[thread] = TFold.Combine(shared[thread], shared[thread + reach * stride]);
            }

            Group.Barrier();
        }

        float result = shared[thread - lane * stride];
        // Nobody may write the next fold's values before all have read this one's result.
        Group.Barrier();
        return result;
    }

    /// <summary>
    /// The index of the largest of the lanes' values, of equals the lowest index; every lane gets it.
    /// </summary>
    /// <param name="values">Shared memory, one float a thread.</param>
    /// <param name="indices">Shared memory, one integer a thread.</param>
    /// <param name="value">This lane's largest value.</param>
    /// <param name="index">Where this lane found it.</param>
    public int FoldIndex(Floats values, Ints indices, float value, int index)
    {
        int thread = Group.IdxX;
        int lane = Lane;
        int stride = LaneStride;
        values[thread] = value;
        indices[thread] = index;
        Group.Barrier();
        for (int reach = Lanes / 2; reach > 0; reach /= 2)
        {
            if (lane < reach)
            {
                int other = thread + reach * stride;
                if (Beats(values[other], indices[other], values[thread], indices[thread]))
                {
                    values[thread] = values[other];
                    indices[thread] = indices[other];
                }
            }

            Group.Barrier();
        }

        int result = indices[thread - lane * stride];
        Group.Barrier();
        return result;
    }

    /// <summary>Whether a value comes before another as the first largest.</summary>
    public static bool Beats(float value, int index, float other, int otherIndex) =>
        value > other || (value == other && index < otherIndex);
}
