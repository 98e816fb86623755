using NanoNet.Kernels;
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

        // Fewer than a launch takes, as many, and more.
        yield return SgdAll(3, 0, false);
        yield return SgdAll(8, 0, false);
        yield return SgdAll(19, 0.9f, true);
    }

    private static KernelCase SgdAll(int parameters, float momentum, bool nesterov)
    {
        string row = $"SgdUpdateAll {parameters}, momentum {momentum}{(nesterov ? ", Nesterov" : "")}";
        int[] counts = [.. Enumerable.Range(0, parameters).Select(i => OddSizes[i % OddSizes.Length] * (i == 1 ? 300 : 1))];
        return new(row, counts.Sum() / 2, run =>
        {
            const float Rate = 0.05f;
            var numbers = new Numbers(row);
            var w = Array.ConvertAll(counts, count => numbers.Uniform(count));
            var g = Array.ConvertAll(counts, count => numbers.Uniform(count));
            var v = Array.ConvertAll(counts, count => momentum > 0 ? numbers.Uniform(count) : null);
            ParameterUpdate[] updates = [.. counts.Select((count, i) => new ParameterUpdate(
                run.InOut(w[i]), run.Input(g[i]), v[i] is { } velocity ? run.InOut(velocity) : null, count))];
            run.Backend.SgdUpdateAll(updates, Rate, momentum, nesterov);
            for (int i = 0; i < parameters; i++)
            {
                var expected = Naive.Sgd(w[i], g[i], v[i], Rate, momentum, nesterov);
                run.Expect(updates[i].Parameter, () => expected.Parameter, Tolerance.Rounded(4), size: 1);
                if (updates[i].Velocity is { } velocity)
                {
                    run.Expect(velocity, () => expected.Velocity!, Tolerance.Rounded(2), size: 1);
                }
            }
        });
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
