using NanoNet.Kernels.Memory;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <summary>The table of kernels: a file for each family of methods.</summary>
internal static partial class KernelCases
{
    /// <summary>Sizes around the edges of vectors, unrolled loops and groups.</summary>
    public static readonly int[] OddSizes = [1, 7, 31, 33, 65, 129];

    public static IEnumerable<KernelCase> All =>
    [
        .. Memory(), .. Elementwise(), .. Broadcasting(), .. Reductions(), .. MatMuls(), .. Convolutions(), .. Pools(), .. Softmaxes(),
        .. Losses(), .. Dropouts(), .. Updates(), .. Gathers(),
    ];

    private static string Of(params int[] sizes) => string.Join("x", sizes);

    // An output of its own, or the input itself where the contract allows it.
    private static DeviceBuffer InputOrOutput(KernelRun run, NdArray input, bool isInPlace) => isInPlace ? run.InOut(input) : run.Input(input);

    private static DeviceBuffer OutputFor(KernelRun run, DeviceBuffer input, int count, bool isInPlace) =>
        isInPlace ? input : run.Output(count);
}
