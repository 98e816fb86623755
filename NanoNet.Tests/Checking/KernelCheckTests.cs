using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Checking;

/// <summary>Checks the kernel check: stray writes, changed inputs, elements left out and wrong values must be caught.</summary>
public sealed class KernelCheckTests
{
    private const int Count = 33;

    [Fact]
    public void A_right_kernel_passes() => Run((run, y) => run.Backend.Fill(y, 1, Count));

    [Fact]
    public void A_write_after_the_last_element_is_caught() =>
        AssertCaught((run, y) => run.Backend.Fill(y, 1, Count + 1), "a stray write, 0 bytes after the last byte of a buffer of 132");

    [Fact]
    public unsafe void A_write_before_the_first_element_is_caught() => AssertCaught((run, y) =>
    {
        run.Backend.Fill(y, 1, Count);
        ((SimdBuffer)y).Pointer[-1] = 1;
    }, "a stray write, 1 bytes before the first byte of a buffer of 132");

    [Fact]
    public void An_element_left_out_is_caught() =>
        AssertCaught((run, y) => run.Backend.Fill(y, 1, Count - 1), "[32] expected 1, got NaN");

    [Fact]
    public void A_changed_input_is_caught() => AssertCaught((run, y) =>
    {
        run.Backend.Fill(run.Input(new NdArray(Count)), 1, 1);
        run.Backend.Fill(y, 1, Count);
    }, "a stray write, byte 2 of an input");

    [Fact]
    public void A_read_beyond_an_input_is_caught() => AssertCaught((run, y) =>
    {
        var x = run.Input(new NdArray(Count - 1).Map(_ => 1));
        run.Backend.Copy(y, x, Count * 4);
    }, "[32] expected 1, got NaN");

    [Fact]
    public void A_value_off_by_more_than_rounding_is_caught() =>
        AssertCaught((run, y) => run.Backend.Fill(y, 1.000001f, Count), "largest error 9.54E-07");

    [Fact]
    public void A_result_that_changes_from_run_to_run_is_caught()
    {
        int calls = 0;
        byte[] Once() => Run((run, y) =>
        {
            run.Backend.Fill(y, 1, Count);
            run.Backend.Fill(run.Output(1), ++calls, 1);
        });
        Assert.Throws<CheckFailedException>(() => Check.SameBits<byte>("changing", Once(), Once()));
    }

    // A kernel that should fill its output with ones.
    private static byte[] Run(Action<KernelRun, DeviceBuffer> kernel) => new KernelCase("planted", Count, run =>
    {
        var y = run.Output(Count);
        kernel(run, y);
        run.Expect(y, () => new NdArray(Count).Map(_ => 1), Tolerance.Rounded(1));
    }).Run(Engines.Simd, compares: true);

    private static void AssertCaught(Action<KernelRun, DeviceBuffer> kernel, string words)
    {
        var failure = Assert.Throws<CheckFailedException>(() => Run(kernel));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("planted on simd-2 (", failure.Message, StringComparison.Ordinal);
    }
}
