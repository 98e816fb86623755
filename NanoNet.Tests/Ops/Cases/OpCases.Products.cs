using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <content>Matrix products, dense layers, convolutions.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Products()
    {
        foreach (var (m, n, k) in KernelCases.Products)
        {
            var numbers = new Numbers($"MatMul {Of(m, n, k)}");
            yield return new OpCase
            {
                Name = $"MatMul {Of(m, k)} · {Of(k, n)}",
                Inputs = [numbers.Uniform(m, k), numbers.Uniform(k, n)],
                Run = tensors => Op.MatMul(tensors[0], tensors[1]),
                Reference = arrays => Naive.MatMul(arrays[0], arrays[1]),
                Terms = k,
                Size = Math.Sqrt(k) / 3,
                Cost = (long)m * n * k,
            };
            foreach (bool relu in new[] { false, true })
            {
                yield return Dense(m, n, k, hasBias: true, relu);
                yield return Dense(m, n, k, hasBias: false, relu);
            }
        }
    }

    private static OpCase Dense(int rows, int outputs, int inputs, bool hasBias, bool relu)
    {
        string name = $"Dense {Of(rows, inputs)} · {Of(inputs, outputs)}{(hasBias ? " + bias" : "")}{(relu ? ", relu" : "")}";
        var numbers = new Numbers(name);
        NdArray[] operands = [numbers.Uniform(rows, inputs), numbers.Uniform(inputs, outputs)];
        return new()
        {
            Name = name,
            Inputs = hasBias ? [.. operands, numbers.Uniform(outputs)] : operands,
            Run = tensors => Op.Dense(tensors[0], tensors[1], tensors.ElementAtOrDefault(2), relu),
            Reference = arrays => Finished(Naive.MatMul(arrays[0], arrays[1]), arrays.ElementAtOrDefault(2), relu),
            Kink = relu ? arrays => Finished(Naive.MatMul(arrays[0], arrays[1]), arrays.ElementAtOrDefault(2), relu: false) : null,
            Terms = inputs,
            Size = Math.Sqrt(inputs) / 3,
            Cost = (long)rows * outputs * inputs,
        };
    }

    private static IEnumerable<OpCase> Convolutions()
    {
        foreach (var shape in ConvolutionShape.All)
        {
            yield return Conv2D(shape, hasBias: false, relu: false);
            yield return Conv2D(shape, hasBias: true, relu: true);
        }

        yield return Conv2D(ConvolutionShape.All[8], hasBias: true, relu: false);
        yield return Conv2D(ConvolutionShape.All[8], hasBias: false, relu: true);
    }

    private static OpCase Conv2D(ConvolutionShape shape, bool hasBias, bool relu)
    {
        string name = $"Conv2D {shape}{(hasBias ? " + bias" : "")}{(relu ? ", relu" : "")}";
        var numbers = new Numbers(name);
        NdArray[] operands = [numbers.Uniform(shape.Input), numbers.Uniform(shape.Filter)];
        Tensor Run(Tensor[] tensors) => Op.Conv2D(
            tensors[0], tensors[1], tensors.ElementAtOrDefault(2), shape.StrideHeight, shape.StrideWidth, shape.Padding, relu);
        NdArray Reference(NdArray[] arrays, bool withRelu) => Finished(
            Naive.Conv2D(arrays[0], arrays[1], shape.StrideHeight, shape.StrideWidth, shape.Padding), arrays.ElementAtOrDefault(2), withRelu);
        return new()
        {
            Name = name,
            Inputs = hasBias ? [.. operands, numbers.Uniform(shape.Filters)] : operands,
            Run = Run,
            Reference = arrays => Reference(arrays, relu),
            Kink = relu ? arrays => Reference(arrays, withRelu: false) : null,
            Terms = shape.Geometry.PatchSize,
            Size = Math.Sqrt(shape.Geometry.PatchSize) / 3,
            Amplification = shape.MayBeWinograd ? Tolerance.Winograd : 1,
            Cost = shape.Cost,
        };
    }

    private static IEnumerable<OpCase> Pools() => PoolShape.All.Select(shape =>
        Unary($"MaxPool2D {shape}", shape.Input, numbers => numbers.Distinct(shape.Input),
            x => Op.MaxPool2D(x, shape.PoolHeight, shape.PoolWidth, shape.StrideHeight, shape.StrideWidth, shape.Padding),
            x => Naive.MaxPool2D(x, shape.PoolHeight, shape.PoolWidth, shape.StrideHeight, shape.StrideWidth, shape.Padding).Y, 0)
        with { Cost = shape.Cost });
}
