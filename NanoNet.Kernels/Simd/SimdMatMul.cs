using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>Matrix products in all four forms, with bias and ReLU: cut into pieces, operands packed where that pays.</summary>
/// <remarks>
/// Sums are cut by the geometry alone, so any number of threads gives the same bits. A product of few rows is cut by columns: each
/// piece reads its own part of b, in place. With many rows b is packed, once for all, when the first of them come by, and c is cut
/// both ways. Operand a stays in place where sums are short; a block of long ones is copied together, as it is stored.
/// Long sums are cut into blocks of <see cref="MostDepth"/>, so that a panel of b stays in the second-level cache.
/// </remarks>
internal static unsafe partial class SimdMatMul<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Up to so many rows, packing b costs more than it gives.</summary>
    private const int FewRows = 96;

    /// <summary>
    /// The most steps that are summed in one go: a longer sum is made of parts, which loses less to rounding. A panel of 16
    /// columns then takes 16 KB, half of a first-level cache.
    /// </summary>
    private const int MostSteps = 256;

    /// <summary>Multiply-adds that make a piece worth handing to another thread: two or three microseconds.</summary>
    private const int LeastWork = 1 << 17;

    /// <summary>
    /// A result of so many floats, 16 MB, is stored past the caches: it would drive out of them what is read again, and be out itself
    /// when it is read.
    /// </summary>
    private const long FloatsBeyondCaches = 4 << 20;

    private const int FloatsOfLine = 16;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>c = op(a) · op(b), plus bias (null for none), rectified if asked for.</summary>
    public static void Run(
        WorkerTeam team, Scratch scratch, float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu) =>
        Run(team, scratch, ProductOf(c, a, b, bias, geometry, relu));

    /// <summary>c −= rate · op(a) · op(b), where <see cref="IsInOnePart"/>.</summary>
    public static void Update(WorkerTeam team, Scratch scratch, float* c, float* a, float* b, float rate, MatMulGeometry geometry)
    {
        var product = ProductOf(c, a, b, null, geometry, false);
        product.Shape.Scale = -rate;
        product.Shape.Accumulate = true;
        Run(team, scratch, product);
    }

    /// <summary>Whether sums go to c in one part.</summary>
    public static bool IsInOnePart(MatMulGeometry geometry) => geometry.K <= (geometry.M <= FewRows ? MostSteps : MostStepsOfBlock);

    /// <summary>The same with b packed before by <see cref="Pack"/>.</summary>
    public static void RunPacked(
        WorkerTeam team, Scratch scratch, float* c, float* a, float* packed, float* bias, MatMulGeometry geometry, bool relu) =>
        RunByBlocks(team, scratch, ProductOf(c, a, null, bias, geometry, relu), packed);

    /// <summary>Floats of b packed; 0 where b is read in place.</summary>
    public static long PackedCount(MatMulGeometry geometry) =>
        geometry.M <= FewRows ? 0 : PanelPacking<TLanes, TVector>.Count(geometry.N) * (long)TileColumns * geometry.K;

    /// <summary>Packs all of b.</summary>
    public static void Pack(WorkerTeam team, float* packed, float* b, MatMulGeometry geometry) =>
        PackBlocks(team, ProductOf(null, null, b, null, geometry, false), packed);

    private static void Run(WorkerTeam team, Scratch scratch, in Product product)
    {
        if (product.Geometry.M <= FewRows)
        {
            RunByColumns(team, scratch, product);
        }
        else
        {
            RunByBlocks(team, scratch, product, null);
        }
    }

    private static Product ProductOf(float* c, float* a, float* b, float* bias, MatMulGeometry geometry, bool relu) => new()
    {
        A = a,
        B = b,
        C = c,
        Bias = bias,
        Geometry = geometry,
        Depth = Chunks.Even(geometry.K, geometry.M <= FewRows ? MostSteps : MostDepth),
        Shape = new TileShape
        {
            Stretches = 1,
            Part = PartOf(geometry),
            ARow = geometry.TransposeA ? 1 : geometry.K,
            AStep = geometry.TransposeA ? geometry.M : 1,
            CRow = geometry.N,
            Streams = IsStreamed(c, geometry),
        },
        Relu = relu,
    };

    /// <summary>Parts of a block are cut evenly too, to what <see cref="TileShape.Part"/> asks for.</summary>
    private static int PartOf(MatMulGeometry geometry)
    {
        const int steps = ProductTile<TLanes, TVector>.StepsPerRowOfC;
        int ofBlock = Chunks.Even(Chunks.Even(geometry.K, MostDepth), MostStepsOfBlock);
        return geometry.M <= FewRows ? MostSteps : Chunks.Cover(ofBlock, steps) * steps;
    }

    /// <summary>Whether c is too large to stay in a cache, and its tiles are whole lines of it.</summary>
    private static bool IsStreamed(float* c, MatMulGeometry geometry) =>
        geometry.M * (long)geometry.N >= FloatsBeyondCaches && TileColumns >= FloatsOfLine
        && geometry.N % FloatsOfLine == 0 && (nint)c % (FloatsOfLine * sizeof(float)) == 0;

    /// <summary>The arguments of one product.</summary>
    private struct Product
    {
        public float* A;
        public float* B;
        public float* C;
        public float* Bias;
        public MatMulGeometry Geometry;

        /// <summary>Steps of the sum in a block.</summary>
        public int Depth;

        /// <summary>How op(a) and c are read.</summary>
        public TileShape Shape;

        public bool Relu;

        /// <summary>Elements from one stored row of b to the next.</summary>
        public readonly nint BStride => Geometry.TransposeB ? Geometry.K : Geometry.N;

        /// <summary>The element of op(b) for a step of the sum and a column of c.</summary>
        public readonly float* OperandB(int step, int column) =>
            B + (Geometry.TransposeB ? column * BStride + step : step * BStride + column);

        /// <summary>The shape for the block of the sum that starts at <paramref name="step"/>.</summary>
        public readonly TileShape ShapeAt(int step) => Shape with
        {
            Depth = Math.Min(Depth, Geometry.K - step),
            Accumulate = Shape.Accumulate || step > 0,
            Relu = Relu && IsLast(step),
        };

        /// <summary>The bias where the sum ends, else null.</summary>
        public readonly float* BiasAt(int step, int column) => Bias is not null && IsLast(step) ? Bias + column : null;

        private readonly bool IsLast(int step) => step + Depth >= Geometry.K;
    }
}
