using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Cases of kernels that no method of the contract stands for.</summary>
internal static class IlgpuCases
{
    public static IEnumerable<KernelCase> All =>
        [Clock(0, 7, 32), Clock(3, 70_000, 59_968), ClockInUpdate(3, 5), ClockInUpdate(8, 33), ClockInUpdate(11, 300)];

    // A clock that moved by one step of 32 examples, then by itself.
    private static KernelCase Clock(int epoch, int step, int start) => new($"DeviceClock at {epoch}, {step}, {start}", 1, run =>
    {
        var memory = run.Output(6);
        var clock = new DeviceClock(((IlgpuBackend)run.Backend).Queue, (IlgpuBuffer)memory);
        clock.At(new StepClock { Epoch = epoch, Step = step - 1, Start = start - 32 });
        clock.At(new StepClock { Epoch = epoch, Step = step, Start = start });
        clock.QueueAdvance();
        run.Expect(memory, () => [epoch, step + 1, start + 32, 0, 1, 32]);
    });

    // The update of some parameters moves a clock, once, and the parameters too.
    private static KernelCase ClockInUpdate(int parameters, int count)
    {
        string row = $"SgdUpdateAll {parameters} of {count}, and the clock";
        return new(row, parameters * count, run =>
        {
            var numbers = new Numbers(row);
            var queue = ((IlgpuBackend)run.Backend).Queue;
            var memory = run.Output(6);
            var clock = new DeviceClock(queue, (IlgpuBuffer)memory);
            clock.At(new StepClock { Step = 4, Start = 128 });
            clock.At(new StepClock { Step = 5, Start = 160 });
            NdArray[] w = [.. Enumerable.Range(0, parameters).Select(_ => numbers.Uniform(count))];
            var gradient = numbers.Uniform(count);
            var g = run.Input(gradient);
            ParameterUpdate[] updates = [.. w.Select(values => new ParameterUpdate(run.InOut(values), g, null, count))];
            new UpdateKernels(queue).Sgd(updates, [], 0.05f, 0, nesterov: false, clock.View, movesClock: true);
            run.Expect(memory, () => [0, 6, 192, 0, 1, 32]);
            for (int i = 0; i < parameters; i++)
            {
                var initial = w[i];
                run.Expect(updates[i].Parameter, () => Naive.Sgd(initial, gradient, null, 0.05f, 0, false).Parameter,
                    Tolerance.Rounded(4), size: 1);
            }
        });
    }
}
