using System.Diagnostics;
using ILGPU.Runtime;
using NanoNet.Kernels.Cuda;
using NanoNet.Kernels.Plans;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Repeats recorded steps: on CUDA as a graph, which a driver queues in the time of a launch or two, else launch by
/// launch. Where the driver refuses a graph it is not asked again: what follows goes launch by launch.
/// </summary>
/// <param name="queue">Where kernels are queued.</param>
/// <param name="clock">The clock that they read.</param>
/// <param name="driver">CUDA's graphs; null on other devices.</param>
/// <param name="stream">CUDA's handle of the queue's stream.</param>
internal sealed class StepReplays(KernelQueue queue, DeviceClock clock, ICudaGraphs? driver, nint stream) : IDisposable
{
    private readonly HashSet<Replay> _replays = [];
    private ICudaGraphs? _driver = driver;
    private string? _refusal;

    /// <summary>How steps are repeated, in words.</summary>
    public string Description => (_driver, _refusal) switch
    {
        ({ }, _) => "as CUDA graphs",
        (null, null) => "launch by launch",
        (null, { } reason) => $"launch by launch, because CUDA's driver refused a graph: {reason}",
    };

    private KernelQueue Queue => queue;

    private DeviceClock Clock => clock;

    private nint Stream => stream;

    /// <inheritdoc cref="IReplaysSteps.Prepare"/>
    public IStepReplay Prepare(Action calls, StepClock? stepClock, bool movesClock)
    {
        var replay = new Replay(this, calls, stepClock, movesClock);
        _replays.Add(replay);
        return replay;
    }

    /// <summary>Frees the graphs: they must not outlive the device.</summary>
    public void Dispose()
    {
        foreach (var replay in _replays.ToArray())
        {
            replay.Dispose();
        }
    }

    private void Refuse(Exception exception)
    {
        _driver = null;
        _refusal = exception.Message;
        Trace.TraceWarning($"NanoNet repeats steps {Description}");
    }

    // The driver's functions want the device's context to be the thread's. ILGPU sees to that for what it calls itself,
    // and leaves to each thread the device that it last used.
    private void Bind() => queue.Stream.Accelerator.Bind();

    private static bool IsRefusal(Exception exception) =>
        exception is CudaGraphException or AcceleratorException or EntryPointNotFoundException or DllNotFoundException;

    private sealed class Replay(StepReplays owner, Action calls, StepClock? stepClock, bool movesClock) : IStepReplay
    {
        private CudaGraph? _graph;
        private KeptScratch? _scratch;
        private bool _isWarm;

        public void Run()
        {
            owner.Bind();
            if (stepClock is not null)
            {
                owner.Clock.At(stepClock);
            }

            // The first run compiles kernels and fills the pool, neither of which belongs into a recording.
            bool isRecorded = _graph is not null || (_isWarm && TryRecord());
            if (!isRecorded || !TryLaunch())
            {
                Queue();
            }

            _isWarm = true;
            if (stepClock is not null)
            {
                owner.Clock.NoteAdvance();
            }
        }

        public void Dispose()
        {
            owner._replays.Remove(this);
            Forget();
        }

        private void Queue()
        {
            calls();
            if (stepClock is not null && !movesClock)
            {
                owner.Clock.QueueAdvance();
            }
        }

        private bool TryRecord()
        {
            if (owner._driver is not { } driver)
            {
                return false;
            }

            try
            {
                _scratch = owner.Queue.KeepScratch(() => _graph = CudaGraph.Record(driver, owner.Stream, Queue));
                return true;
            }
            catch (Exception exception) when (IsRefusal(exception))
            {
                owner.Refuse(exception);
                return false;
            }
        }

        private bool TryLaunch()
        {
            try
            {
                _graph!.Launch();
                return true;
            }
            catch (CudaGraphException exception)
            {
                owner.Refuse(exception);
                Forget();
                return false;
            }
        }

        private void Forget()
        {
            if (_graph is not null)
            {
                owner.Bind();
                _graph.Dispose();
                _graph = null;
            }

            _scratch?.Dispose();
            _scratch = null;
        }
    }
}
