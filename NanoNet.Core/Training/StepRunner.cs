using NanoNet.Core.Autograd;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;

namespace NanoNet.Core.Training;

/// <summary>
/// Does the steps of a loop over batches. A step is recorded when its batch size first comes up (there are two, the
/// full one and that of the last batch) and replayed from then on: no tensors, no tape, no garbage.
/// </summary>
/// <param name="device">Where the steps run.</param>
/// <param name="replays">Whether the model's layers allow it; else each step is done call by call.</param>
/// <param name="step">A step over so many rows; returns what it leaves to be read, if anything.</param>
/// <param name="constants">Tensors that nobody changes while this runner is in use.</param>
/// <param name="read">Reads that after each step.</param>
internal sealed class StepRunner(Device device, bool replays, Func<int, Tensor?> step, IEnumerable<Tensor> constants, Action<DeviceBuffer>? read = null)
    : IDisposable
{
    private readonly Dictionary<(int Rows, Optimizer? Optimizer), StepPlan> _plans = [];

    /// <summary>Does a step.</summary>
    /// <param name="rows">The batch's size.</param>
    /// <param name="optimizer">
    /// What the step ends in, if it trains. A model that is compiled anew in the midst of training needs a plan of its
    /// own.
    /// </param>
    public void Run(int rows, Optimizer? optimizer = null)
    {
        if (replays && optimizer is null or { CanReplay: true })
        {
            Replay(rows, optimizer);
        }
        else
        {
            using var scope = new TensorScope();
            Read(step(rows)?.Buffer);
        }
    }

    /// <summary>Gives the plans' memory back.</summary>
    public void Dispose()
    {
        foreach (var plan in _plans.Values)
        {
            plan.Dispose();
        }
    }

    private void Replay(int rows, Optimizer? optimizer)
    {
        if (!_plans.TryGetValue((rows, optimizer), out var plan))
        {
            plan = Record(rows);
            _plans.Add((rows, optimizer), plan);
        }

        plan.Run();
        Read(plan.Result);
    }

    private StepPlan Record(int rows) => device.Record(() =>
    {
        using var scope = new TensorScope();
        return step(rows)?.Buffer;
    }, constants);

    private void Read(DeviceBuffer? result)
    {
        if (result is not null)
        {
            read?.Invoke(result);
        }
    }
}
