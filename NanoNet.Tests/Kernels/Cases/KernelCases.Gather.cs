using NanoNet.Kernels;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Assembling batches.</content>
internal static partial class KernelCases
{
    private const int SourceRows = 40;

    private static IEnumerable<KernelCase> Gathers()
    {
        foreach (var (rows, columns, start) in new[] { (1, 1, 0), (7, 31, 0), (1, 784, 39), (33, 65, 7), (5, 129, 31), (32, 784, 3) })
        {
            string sizes = $"{Of(rows, columns)} from {start}";
            yield return new($"Gather bytes {sizes}", rows * columns, run =>
            {
                var numbers = new Numbers($"Gather bytes {sizes}");
                byte[] source = numbers.Bytes(SourceRows * columns);
                int[] indices = numbers.Integers(SourceRows, SourceRows);
                var y = run.Output(rows * columns);
                run.Backend.Gather(y, run.Input(source), run.Input(indices), new(rows, columns, ElementType.UInt8, 1f / 255), StartingAt(start));
                var values = new NdArray([SourceRows, columns], Array.ConvertAll(source, value => (double)value));
                run.Expect(y, () => Naive.Gather(values, indices, start, rows, 1f / 255), Tolerance.Rounded(1));
            });
            yield return new($"Gather floats {sizes}", rows * columns, run =>
            {
                var numbers = new Numbers($"Gather floats {sizes}");
                var source = numbers.Uniform(SourceRows, columns);
                int[] indices = numbers.Integers(SourceRows, SourceRows);
                var y = run.Output(rows * columns);
                run.Backend.Gather(y, run.Input(source), run.Input(indices), new(rows, columns, ElementType.Float32, 3), StartingAt(start));
                run.Expect(y, () => Naive.Gather(source, indices, start, rows, 3), Tolerance.Rounded(1));
            });
            yield return new($"Gather integers {sizes}", rows * columns, run =>
            {
                // The largest are beyond what float32 holds exactly.
                var numbers = new Numbers($"Gather integers {sizes}");
                int[] source = numbers.Integers(SourceRows * columns, int.MaxValue);
                int[] indices = numbers.Integers(SourceRows, SourceRows);
                var y = run.Output(rows * columns);
                run.Backend.Gather(y, run.Input(source), run.Input(indices), new(rows, columns, ElementType.Int32, 1), StartingAt(start));
                run.Expect(y, () => [.. Enumerable.Range(0, rows).SelectMany(r => source.Skip(indices[start + r] * columns).Take(columns))]);
            });
        }
    }

    private static StepClock StartingAt(int start) => new() { Start = start };
}
