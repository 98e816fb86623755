using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Cases of kernels that no method of the contract stands for.</summary>
internal static class IlgpuCases
{
    public static IEnumerable<KernelCase> All => [Clock(0, 7, 32), Clock(3, 70_000, 59_968)];

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
}
