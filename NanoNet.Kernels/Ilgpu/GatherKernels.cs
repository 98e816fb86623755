using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Geometry;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;
using Readings = ILGPU.ArrayView<NanoNet.Kernels.Ilgpu.ClockReading>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Assembles a batch of rows from a data set on the device, a thread an element.</summary>
internal sealed class GatherKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Floats, ArrayView<byte>, Ints, Readings, GatherIndex, float>? _bytes;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Ints, Readings, GatherIndex, float>? _floats;
    private Action<AcceleratorStream, KernelConfig, Ints, Ints, Ints, Readings, GatherIndex>? _ints;
    private Action<
        AcceleratorStream, KernelConfig, Floats, ArrayView<byte>, Ints, Ints, Ints, Readings, GatherIndex, GatherIndex,
        float>? _together;

    /// <summary>Finds the source of an element: row start + r of the order, the same column.</summary>
    internal readonly struct GatherIndex(GatherGeometry geometry)
    {
        private readonly int _columns = geometry.Columns;
        private readonly FastDivisor _divisor = new(geometry.Columns);

        /// <summary>Elements of the batch.</summary>
        public int Count { get; } = geometry.Rows * geometry.Columns;

        /// <summary>Where the batch's element <paramref name="i"/> comes from.</summary>
        public long Source(Ints indices, Readings clock, int i)
        {
            int row = _divisor.Divide(i);
            // A data set may hold more than 2³¹ elements.
            return (long)indices[clock[0].Start + row] * _columns + (i - row * _columns);
        }
    }

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void BytesKernel(Floats y, ArrayView<byte> source, Ints indices, Readings clock, GatherIndex index, float scale)
    {
        int i = Grid.GlobalIndex.X;
        if (i < index.Count)
        {
            y[i] = scale * source[index.Source(indices, clock, i)];
        }
    }

    internal static void FloatsKernel(Floats y, Floats source, Ints indices, Readings clock, GatherIndex index, float scale)
    {
        int i = Grid.GlobalIndex.X;
        if (i < index.Count)
        {
            y[i] = scale * source[index.Source(indices, clock, i)];
        }
    }

    internal static void IntsKernel(Ints y, Ints source, Ints indices, Readings clock, GatherIndex index)
    {
        int i = Grid.GlobalIndex.X;
        if (i < index.Count)
        {
            y[i] = source[index.Source(indices, clock, i)];
        }
    }

    /// <summary>Bytes and what goes with them, copied as it is: the threads past the last byte take it.</summary>
    internal static void TogetherKernel(
        Floats y, ArrayView<byte> source, Ints z, Ints words, Ints indices, Readings clock,
        GatherIndex index, GatherIndex wordIndex, float scale)
    {
        int i = Grid.GlobalIndex.X;
        int word = i - index.Count;
        if (word < 0)
        {
            y[i] = scale * source[index.Source(indices, clock, i)];
        }
        else if (word < wordIndex.Count)
        {
            z[word] = words[wordIndex.Source(indices, clock, word)];
        }
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Gather(IlgpuBuffer y, IlgpuBuffer source, IlgpuBuffer indices, GatherGeometry geometry, Readings clock)
    {
        var index = new GatherIndex(geometry);
        var threads = queue.Threads(index.Count);
        switch (geometry.Source)
        {
            case ElementType.UInt8:
                queue.Load(ref _bytes, BytesKernel)(
                    queue.Stream, threads, y.Floats, source.Bytes, indices.Ints, clock, index, geometry.Scale);
                break;
            case ElementType.Float32:
                queue.Load(ref _floats, FloatsKernel)(
                    queue.Stream, threads, y.Floats, source.Floats, indices.Ints, clock, index, geometry.Scale);
                break;
            default:
                queue.Load(ref _ints, IntsKernel)(queue.Stream, threads, y.Ints, source.Ints, indices.Ints, clock, index);
                break;
        }
    }

    /// <summary>Whether one launch can gather both: bytes, and integers or floats that nothing scales.</summary>
    public static bool CanGatherTogether(GatherGeometry first, GatherGeometry second) =>
        first.Source == ElementType.UInt8
        && (second.Source == ElementType.Int32 || (second.Source == ElementType.Float32 && second.Scale == 1));

    /// <summary>Both in one launch.</summary>
    public void GatherTogether(
        IlgpuBuffer y, IlgpuBuffer source, GatherGeometry geometry, IlgpuBuffer z, IlgpuBuffer words,
        GatherGeometry wordGeometry, IlgpuBuffer indices, Readings clock)
    {
        var index = new GatherIndex(geometry);
        var wordIndex = new GatherIndex(wordGeometry);
        queue.Load(ref _together, TogetherKernel)(
            queue.Stream, queue.Threads(index.Count + wordIndex.Count), y.Floats, source.Bytes, z.Ints, words.Ints,
            indices.Ints, clock, index, wordIndex, geometry.Scale);
    }
}
