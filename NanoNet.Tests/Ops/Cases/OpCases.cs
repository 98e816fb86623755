using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <summary>The table of operations: a file for each family.</summary>
internal static partial class OpCases
{
    public static IEnumerable<OpCase> All =>
    [
        .. Elementwise(), .. Arithmetic(), .. Reductions(), .. Rearrangements(), .. Products(), .. Convolutions(), .. Pools(), .. Softmaxes(),
        .. Losses(), .. Dropouts(), .. Composed(),
    ];

    private static string Of(params int[] sizes) => $"({string.Join(", ", sizes)})";

    private static int CountOf(int[] shape) => shape.Aggregate(1, (count, size) => count * size);

    private static NdArray Finished(NdArray product, NdArray? bias, bool relu)
    {
        var sum = bias is null ? product : Naive.AddBias(product, bias);
        return relu ? Naive.Relu(sum) : sum;
    }
}
