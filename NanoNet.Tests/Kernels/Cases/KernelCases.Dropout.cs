using NanoNet.Kernels;
using NanoNet.Kernels.Random;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Dropout: the mask is a matter of integers, so what is dropped must agree exactly.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Dropouts()
    {
        foreach (var (rows, columns, rate) in new[] { (1, 1, 0.5f), (1, 129, 0.2f), (7, 31, 0.5f), (33, 65, 0.2f), (65, 3, 0.9f), (129, 256, 0.5f) })
        {
            foreach (bool isInPlace in new[] { false, true })
            {
                string row = $"Dropout {Of(rows, columns)}, rate {rate}{(isInPlace ? ", in place" : "")}";
                yield return new(row, rows * columns * 10, run =>
                {
                    var clock = new StepClock { Epoch = 3, Step = 70_000, Start = 5 };
                    var mask = new DropoutMask(rate, 0x9E3779B9, 0xFFFFFFFE, 2, clock);
                    var xs = new Numbers(row).AwayFromZero(rows, columns);
                    var x = InputOrOutput(run, xs, isInPlace);
                    var y = OutputFor(run, x, xs.Count, isInPlace);
                    run.Backend.Dropout(y, x, mask, rows, columns);
                    run.Expect(y, () => Naive.Dropout(xs, rate, [0x9E3779B9, 0xFFFFFFFE], 2, 3, 70_000), Tolerance.Rounded(3));
                });
            }
        }
    }
}
