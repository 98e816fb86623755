using NanoNet.Kernels;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Convolution and its two gradients.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Convolutions()
    {
        foreach (var shape in ConvolutionShape.All)
        {
            yield return Conv2D(shape, hasBias: false, Activation.None);
            yield return Conv2D(shape, hasBias: true, Activation.Relu);
            yield return InputGradient(shape);
            yield return FilterGradient(shape);
        }

        yield return Conv2D(ConvolutionShape.All[8], hasBias: true, Activation.None);
        yield return Conv2D(ConvolutionShape.All[8], hasBias: false, Activation.Relu);
        yield return Conv2D(ConvolutionShape.All[20], hasBias: true, Activation.None);
        yield return Conv2D(ConvolutionShape.All[20], hasBias: false, Activation.Relu);
    }

    private static Tolerance ToleranceFor(ConvolutionShape shape, double terms) =>
        Tolerance.Sum(terms, 2, shape.MayBeWinograd ? Tolerance.Winograd : 1);

    private static KernelCase Conv2D(ConvolutionShape shape, bool hasBias, Activation activation)
    {
        string row = $"Conv2D {shape}{(hasBias ? ", bias" : "")}{(activation == Activation.Relu ? ", relu" : "")}";
        return new(row, shape.Cost, run =>
        {
            var numbers = new Numbers(row);
            var x = numbers.Uniform(shape.Input);
            var filter = numbers.Uniform(shape.Filter);
            var bias = hasBias ? numbers.Uniform(shape.Filters) : null;
            int terms = shape.Geometry.PatchSize;
            var y = run.Output(shape.Geometry.OutputCount);
            run.Backend.Conv2D(y, run.Input(x), run.Input(filter), bias is null ? null : run.Input(bias), shape.Geometry, activation);
            run.Expect(y, () => Finished(Naive.Conv2D(x, filter, shape.StrideHeight, shape.StrideWidth, shape.Padding), bias, activation),
                ToleranceFor(shape, terms), Math.Sqrt(terms) / 3);
        });
    }

    private static KernelCase InputGradient(ConvolutionShape shape)
    {
        string row = $"Conv2DInputGradient {shape}";
        return new(row, shape.Cost, run =>
        {
            var numbers = new Numbers(row);
            var dy = numbers.Uniform(shape.Output);
            var filter = numbers.Uniform(shape.Filter);
            int terms = shape.KernelHeight * shape.KernelWidth * shape.Filters;
            var dx = run.Output(shape.Geometry.InputCount);
            run.Backend.Conv2DInputGradient(dx, run.Input(dy), run.Input(filter), shape.Geometry);
            run.Expect(dx,
                () => Naive.Conv2DInputGradient(dy, filter, shape.Input, shape.StrideHeight, shape.StrideWidth, shape.Padding),
                ToleranceFor(shape, terms), Math.Sqrt(terms) / 3);
        });
    }

    private static KernelCase FilterGradient(ConvolutionShape shape)
    {
        string row = $"Conv2DFilterGradient {shape}";
        return new(row, shape.Cost, run =>
        {
            var numbers = new Numbers(row);
            var dy = numbers.Uniform(shape.Output);
            var x = numbers.Uniform(shape.Input);
            int terms = shape.Geometry.OutputPixels;
            var dfilter = run.Output(shape.Geometry.FilterCount);
            run.Backend.Conv2DFilterGradient(dfilter, run.Input(x), run.Input(dy), shape.Geometry);
            run.Expect(dfilter,
                () => Naive.Conv2DFilterGradient(dy, x, shape.Filter, shape.StrideHeight, shape.StrideWidth, shape.Padding),
                ToleranceFor(shape, terms), Math.Sqrt(terms) / 3);
        });
    }
}
