using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>
/// Matrix products of the SIMD engine where they are cut: tile and panel edges, blocks of the sum, few rows and many, in every vector
/// width, and the same bits for any number of threads.
/// </summary>
public sealed class SimdMatMulTests
{
    private const float Guard = 12345.5f;

    // Around tiles of 6, 12 and 14 rows, panels of 2 to 32 columns, sums of 256 and 512 steps, the rows where packing begins, and
    // blocks of 1,024 steps and 512 columns a thread.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 33, 7), (7, 1, 300), (5, 31, 64), (6, 32, 256), (13, 17, 257), (32, 10, 64), (32, 256, 90), (25, 40, 513),
        (64, 65, 33), (65, 64, 5), (66, 1, 9), (97, 33, 31), (100, 270, 259), (193, 7, 600), (130, 300, 1),
        (101, 35, 1030), (113, 65, 1056), (97, 2081, 5), (97, 1057, 3), (14, 20, 40), (700, 40, 40), (360, 35, 520),
        (120, 256, 140),
    ];

    public static TheoryData<int> Widths => [.. Enum.GetValues<VectorWidth>().Select(width => (int)width)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_form_and_shape_matches_a_double_product(int width)
    {
        using var backend = new SimdBackend(2, exact: true, (VectorWidth)width);
        foreach (var (m, n, k) in Shapes)
        {
            for (int form = 0; form < 16; form++)
            {
                var geometry = new MatMulGeometry(m, n, k, (form & 1) != 0, (form & 2) != 0);
                var operands = new Operands(geometry, form);
                bool relu = (form & 4) != 0;
                bool bias = (form & 8) != 0;
                operands.Check(Multiply(backend, operands, geometry, bias, relu), geometry, bias, relu, $"{(VectorWidth)width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Any_number_of_threads_gives_the_same_bits(int width)
    {
        using var one = new SimdBackend(1, exact: true, (VectorWidth)width);
        using var two = new SimdBackend(2, exact: true, (VectorWidth)width);
        using var four = new SimdBackend(4, exact: true, (VectorWidth)width);
        foreach (var (m, n, k) in Shapes)
        {
            for (int form = 0; form < 4; form++)
            {
                var geometry = new MatMulGeometry(m, n, k, (form & 1) != 0, (form & 2) != 0);
                var operands = new Operands(geometry, form);
                var expected = Multiply(one, operands, geometry, true, false);
                Assert.Equal(expected, Multiply(two, operands, geometry, true, false));
                Assert.Equal(expected, Multiply(four, operands, geometry, true, false));
            }
        }
    }

    [Fact]
    public void Threads_that_meet_at_a_panel_pack_it_once_and_agree()
    {
        // More threads than cores, and few rows: many need a panel that another packs just then.
        using var one = new SimdBackend(1);
        using var eight = new SimdBackend(8);
        foreach (var geometry in (MatMulGeometry[])
            [new(230, 300, 70), new(500, 63, 40), new(98, 2100, 9), new(230, 300, 70, TransposeB: true), new(500, 63, 40, TransposeB: true)])
        {
            var operands = new Operands(geometry, 1);
            var expected = Multiply(one, operands, geometry, true, true);
            for (int repeat = 0; repeat < 40; repeat++)
            {
                Assert.Equal(expected, Multiply(eight, operands, geometry, true, true));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void What_is_not_a_number_stays_in_its_column(int width)
    {
        // Last panels are packed with what lies beside their columns.
        using var backend = new SimdBackend(2, exact: true, (VectorWidth)width);
        foreach (var geometry in (MatMulGeometry[])[new(20, 37, 9), new(100, 37, 9), new(100, 33, 300)])
        {
            var operands = new Operands(geometry, 1);
            for (int row = 0; row < geometry.K; row++)
            {
                operands.B[row * geometry.N] = float.NaN;
            }

            var c = Multiply(backend, operands, geometry, false, false);
            Assert.All(c, (value, index) => Assert.Equal(index % geometry.N == 0, float.IsNaN(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_result_too_large_for_the_caches_has_the_bits_of_its_halves(int width)
    {
        // Its halves are not. The last panel is not whole, with 4,113 columns nor are lines of c; and 1,100 steps go to c in two blocks.
        using var backend = new SimdBackend(2, exact: true, (VectorWidth)width);
        foreach (var (n, k) in ((int, int)[])[(4112, 20), (4113, 300), (4112, 300), (4112, 1100)])
        {
            var half = new MatMulGeometry(520, n, (VectorWidth)width == VectorWidth.Scalar ? Math.Min(k, 40) : k);
            var geometry = half with { M = 2 * half.M };
            var operands = new Operands(geometry, k);
            foreach (bool biasAndRelu in (bool[])[false, true])
            {
                var whole = Multiply(backend, operands, geometry, biasAndRelu, biasAndRelu);
                for (int first = 0; first < geometry.M; first += half.M)
                {
                    var part = Multiply(backend, operands.FromRow(first, geometry), half, biasAndRelu, biasAndRelu);
                    Assert.True(part.AsSpan().SequenceEqual(whole.AsSpan(first * half.N, part.Length)));
                }
            }
        }
    }

    [Fact]
    public void A_product_that_was_done_before_allocates_nothing()
    {
        using var backend = new SimdBackend(2);
        var geometry = new MatMulGeometry(100, 70, 300, TransposeB: true);
        using var a = backend.Pool.Rent(geometry.M * geometry.K * sizeof(float));
        using var b = backend.Pool.Rent(geometry.N * geometry.K * sizeof(float));
        using var c = backend.Pool.Rent(geometry.M * geometry.N * sizeof(float));
        backend.Fill(a, 1, geometry.M * geometry.K);
        backend.Fill(b, 1, geometry.N * geometry.K);
        backend.MatMul(c, a, b, null, geometry, Activation.None);
        long scratch = backend.ScratchBytes;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        for (int repeat = 0; repeat < 10; repeat++)
        {
            backend.MatMul(c, a, b, null, geometry, Activation.None);
        }

        Assert.Equal(managed, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(scratch, backend.ScratchBytes);
        Assert.True(scratch > 0);
    }

    private static float[] Multiply(SimdBackend backend, Operands operands, MatMulGeometry geometry, bool bias, bool relu)
    {
        int count = geometry.M * geometry.N;
        var result = new float[count + 64];
        Array.Fill(result, Guard);
        var a = backend.Pool.Rent(operands.A.Length * sizeof(float));
        var b = backend.Pool.Rent(operands.B.Length * sizeof(float));
        var c = backend.Pool.Rent(result.Length * sizeof(float));
        var d = backend.Pool.Rent(operands.Bias.Length * sizeof(float));
        backend.Upload<float>(a, operands.A);
        backend.Upload<float>(b, operands.B);
        backend.Upload<float>(c, result);
        backend.Upload<float>(d, operands.Bias);
        backend.MatMul(c, a, b, bias ? d : null, geometry, relu ? Activation.Relu : Activation.None);
        backend.Download<float>(result, c);
        foreach (var buffer in (ReadOnlySpan<DeviceBuffer>)[a, b, c, d])
        {
            backend.Pool.Return(buffer);
        }

        Assert.All(result[count..], value => Assert.Equal(Guard, value));
        return result[..count];
    }

    private sealed class Operands
    {
        public Operands(MatMulGeometry geometry, int seed)
        {
            var random = new Random(1000 * geometry.M + 100 * geometry.N + geometry.K + seed);
            A = Fill(geometry.M * geometry.K);
            B = Fill(geometry.K * geometry.N);
            Bias = Fill(geometry.N);

            float[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        }

        private Operands(float[] a, Operands rest) => (A, B, Bias) = (a, rest.B, rest.Bias);

        public float[] A { get; }

        public float[] B { get; }

        public float[] Bias { get; }

        /// <summary>Without the rows of a before one; a is stored by rows.</summary>
        public Operands FromRow(int row, MatMulGeometry geometry) => new(A[(row * geometry.K)..], this);

        public void Check(float[] c, MatMulGeometry geometry, bool bias, bool relu, string what)
        {
            var (m, n, k, transposeA, transposeB) = geometry;
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double sum = bias ? Bias[j] : 0;
                    double size = Math.Abs(sum);
                    for (int p = 0; p < k; p++)
                    {
                        double term = (double)A[transposeA ? p * m + i : i * k + p] * B[transposeB ? j * k + p : p * n + j];
                        sum += term;
                        size += Math.Abs(term);
                    }

                    // Each of the k + 1 roundings is off by half a unit in the last place of a partial sum no larger than the size.
                    double tolerance = (k + 1) * Math.ScaleB(size, -24) + float.Epsilon;
                    double expected = relu ? Math.Max(0, sum) : sum;
                    if (!(Math.Abs(c[i * n + j] - expected) <= tolerance))
                    {
                        Assert.Fail($"{what} {geometry} bias {bias} relu {relu}: c[{i}, {j}] is {c[i * n + j]}, expected {expected}");
                    }
                }
            }
        }
    }
}
