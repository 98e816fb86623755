using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// A step of calls of a backend, with the memory they work on, to be done again and again: no managed garbage, and what
/// is done can be improved as a whole (<see cref="PlanRewrites"/>, <see cref="PlanMemory"/>).
/// </summary>
/// <remarks>
/// Owns its memory; dispose it. Every run makes the same calls with the same numbers: what changes from step to step is
/// the contents of buffers that are not the plan's own, and the <see cref="StepClock"/>, which backends read when a
/// call is made. An engine that knows a better way to repeat a step (<see cref="IReplaysSteps"/>) is left to it.
/// </remarks>
public sealed class StepPlan : IDisposable
{
    private readonly IBackend _backend;
    private readonly List<PlannedCall> _calls;
    private readonly PlanMemory _memory;
    private readonly IStepReplay? _replay;

    private StepPlan(IBackend backend, List<PlannedCall> calls, PlanMemory memory, DeviceBuffer? result)
    {
        _backend = backend;
        _calls = calls;
        _memory = memory;
        Result = result;
        _replay = PrepareReplay();
    }

    /// <summary>What each run leaves to be read; null when the plan was made without.</summary>
    public DeviceBuffer? Result { get; }

    /// <summary>How many bytes the plan holds.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>What a run does, in order.</summary>
    internal IReadOnlyList<PlannedCall> Calls => _calls;

    /// <summary>Does it.</summary>
    /// <exception cref="ObjectDisposedException">The plan was disposed.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_memory.IsDisposed, this);
        if (_replay is null)
        {
            MakeCalls();
        }
        else
        {
            _replay.Run();
        }
    }

    /// <summary>Gives the memory back to the backend's pool.</summary>
    public void Dispose()
    {
        _replay?.Dispose();
        _memory.Dispose();
    }

    /// <summary>Makes a plan of recorded calls.</summary>
    internal static StepPlan Create(
        IBackend backend, IReadOnlyList<PlannedCall> recorded, DeviceBuffer? result, IReadOnlyCollection<DeviceBuffer> constants)
    {
        var calls = PlanRewrites.Apply(recorded, result, backend, out var once);
        if (backend is IPacksWeights engine)
        {
            once.AddRange(PlanRewrites.PackWeights(calls, engine, constants));
        }

        var memory = new PlanMemory(backend.Pool);
        try
        {
            memory.AssignForGood(once);
            memory.Assign(calls, result);
        }
        catch
        {
            // The device has no room for it; nobody will have a plan to dispose.
            memory.Dispose();
            throw;
        }

        foreach (var call in once)
        {
            call.Run(backend);
        }

        return new StepPlan(backend, calls, memory, PlannedBuffer.OfOrNull(result));
    }

    private void MakeCalls()
    {
        foreach (var call in _calls)
        {
            call.Run(_backend);
        }
    }

    // An engine keeps one clock for a step. Nobody makes steps with two, and they would be done call by call.
    private IStepReplay? PrepareReplay()
    {
        var clocks = _calls.Select(call => call.Clock).OfType<StepClock>().Distinct().ToList();
        bool movesClock = _calls is [.., SgdUpdateCall { MovesClock: true }];
        return clocks.Count > 1
            ? null
            : (_backend as IReplaysSteps)?.Prepare(MakeCalls, clocks.FirstOrDefault(), movesClock);
    }
}
