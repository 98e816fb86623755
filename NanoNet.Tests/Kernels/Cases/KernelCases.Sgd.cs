using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Parameter updates.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Updates()
    {
        foreach (int count in OddSizes)
        {
            yield return Sgd(count, 0, false);
            yield return Sgd(count, 0.9f, false);
            yield return Sgd(count, 0.9f, true);
        }
    }

    private static KernelCase Sgd(int count, float momentum, bool nesterov)
    {
        string row = $"SgdUpdate {count}, momentum {momentum}{(nesterov ? ", Nesterov" : "")}";
        return new(row, count, run =>
        {
            const float Rate = 0.05f;
            var numbers = new Numbers(row);
            var parameter = numbers.Uniform(count);
            var gradient = numbers.Uniform(count);
            var velocity = momentum > 0 ? numbers.Uniform(count) : null;
            var w = run.InOut(parameter);
            var v = velocity is null ? null : run.InOut(velocity);
            run.Backend.SgdUpdate(w, run.Input(gradient), v, Rate, momentum, nesterov, count);
            var expected = Naive.Sgd(parameter, gradient, velocity, Rate, momentum, nesterov);
            run.Expect(w, () => expected.Parameter, Tolerance.Rounded(4), size: 1);
            if (v is not null)
            {
                run.Expect(v, () => expected.Velocity!, Tolerance.Rounded(2), size: 1);
            }
        });
    }
}
