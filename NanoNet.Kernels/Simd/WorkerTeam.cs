using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NanoNet.Kernels.Simd;

/// <summary>The threads of the SIMD engine. The calling thread works too.</summary>
/// <remarks>
/// <para>An operation of a small net lasts some microseconds, so starting and joining must cost about one: the workers spin for a
/// moment between jobs before they sleep, the job stays on the caller's stack, and pieces are handed out by atomic words.</para>
/// <para>Each thread has a share of its own, the same part of every job: the first thread the first pieces, and so on. What it
/// wrote in one operation is then in its own cache for the next. Who is done with his share takes from the others' (work stealing,
/// Blumofe and Leiserson, 1999). Which thread runs a piece is thus left to chance; what the piece computes is not.</para>
/// <para>The word of a share, the <em>ticket</em>, holds the job's generation and the number of pieces left. A thread reads the
/// ticket, then the job's fields, then takes a piece by compare-and-swap. Fields change only while no share has a piece left, and
/// every job has a generation of its own, so a swap that succeeds proves that the fields belong to the piece; a worker that was
/// held up between reading and swapping simply fails. The caller waits only for pieces that others have taken: on a busy machine
/// it does the rest itself.</para>
/// <para>One thread calls <see cref="Run{TJob}"/> at a time, and never from inside a job.</para>
/// </remarks>
internal sealed unsafe class WorkerTeam : IDisposable
{
    /// <summary>How long an idle worker spins before it sleeps: longer than the serial gaps inside a training step.</summary>
    private static readonly long IdleTicks = Stopwatch.Frequency / 5_000;

    /// <summary>How long to spin before each further turn yields the core, for whoever might have been put on it.</summary>
    private static readonly long PoliteTicks = Stopwatch.Frequency / 50_000;

    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private readonly Share[] _shares;
    private Shared _shared;
    private long _generation;
    private bool _running;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the workers.</summary>
    /// <param name="threads">Threads that work, the caller included; 0 for one a core.</param>
    public WorkerTeam(int threads)
    {
        Threads = threads > 0 ? threads : Environment.ProcessorCount;
        _shares = new Share[Threads];
        _workers = new Thread[Threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"NanoNet worker {worker}" };
            _workers[i].Start();
        }
    }

    /// <summary>How many threads work, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Workers asleep at this moment.</summary>
    internal int Sleeping => Volatile.Read(ref _shared.Sleeping);

    /// <summary>Runs pieces 0 to <paramref name="count"/> − 1 and returns when all are done.</summary>
    /// <remarks>An exception in a piece reaches the caller after the other pieces have run.</remarks>
    public void Run<TJob>(int count, TJob job) where TJob : unmanaged, IParallelJob =>
        Run(count, &job, &Execute<TJob>);

    /// <summary>The same for pieces that need scratch memory.</summary>
    public void RunByWorker<TJob>(int count, TJob job) where TJob : unmanaged, IWorkerJob =>
        Run(count, &job, &ExecuteByWorker<TJob>);

    /// <summary>Stops the workers and waits for them.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _shared.Stop, true);
        Wake();
        foreach (var worker in _workers)
        {
            worker.Join();
        }
    }

    // Optimised from the first call on: a piece may be a long loop, and small jobs are inlined into these.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Execute<TJob>(void* job, int index, int worker) where TJob : unmanaged, IParallelJob =>
        ((TJob*)job)->Run(index);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExecuteByWorker<TJob>(void* job, int index, int worker) where TJob : unmanaged, IWorkerJob =>
        ((TJob*)job)->Run(index, worker);

    private void Run(int count, void* job, delegate*<void*, int, int, void> execute)
    {
        if (count <= 1 || _workers.Length == 0)
        {
            for (int index = 0; index < count; index++)
            {
                execute(job, index, 0);
            }

            return;
        }

        if (_running)
        {
            throw new InvalidOperationException("A job of the worker team tried to run another job on the same team.");
        }

        _running = true;
        Publish(count, job, execute);
        int done = TakePieces(0);
        Join(count - done);
        _running = false;
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    private void Publish(int count, void* job, delegate*<void*, int, int, void> execute)
    {
        _shared.Job = job;
        _shared.Execute = execute;
        _shared.DoneByWorkers = 0;
        _generation++;

        // Rounded up: if there are fewer pieces than threads, the caller has one.
        int start = 0;
        for (int worker = 0; worker < _shares.Length; worker++)
        {
            int end = (int)(((long)count * (worker + 1) + _shares.Length - 1) / _shares.Length);
            _shares[worker].End = end;
            Volatile.Write(ref _shares[worker].Ticket, (_generation << 32) | (uint)(end - start));
            start = end;
        }

        // A worker that goes to sleep counts itself, with a full fence, before its last look at its ticket: either it sees this
        // job or it is seen here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _shared.Sleeping) > 0)
        {
            Wake();
        }
    }

    /// <summary>Runs pieces until none is left, first the worker's own; returns how many.</summary>
    private int TakePieces(int worker)
    {
        int done = 0;
        for (int i = 0; i < _shares.Length; i++)
        {
            int owner = worker + i;
            done += TakePieces(worker, ref _shares[owner < _shares.Length ? owner : owner - _shares.Length]);
        }

        return done;
    }

    private int TakePieces(int worker, ref Share share)
    {
        int done = 0;
        while (true)
        {
            long ticket = Volatile.Read(ref share.Ticket);
            int left = (int)ticket;
            if (left == 0)
            {
                return done;
            }

            void* job = _shared.Job;
            var execute = _shared.Execute;
            int index = share.End - left;
            if (Interlocked.CompareExchange(ref share.Ticket, ticket - 1, ticket) != ticket)
            {
                continue;
            }

            try
            {
                execute(job, index, worker);
            }
#pragma warning disable CA1031 // Whatever a piece throws must reach the caller, not end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            done++;
        }
    }

    /// <summary>Waits until workers have done <paramref name="count"/> pieces.</summary>
    private void Join(int count)
    {
        long start = 0;
        while (Volatile.Read(ref _shared.DoneByWorkers) != count)
        {
            Pause(ref start);
        }
    }

    private void Work(int worker)
    {
        while (WaitForPieces(ref _shares[worker].Ticket))
        {
            int done = TakePieces(worker);
            if (done > 0)
            {
                Interlocked.Add(ref _shared.DoneByWorkers, done);
            }
        }
    }

    /// <summary>Spins, then sleeps, until there is a piece in the worker's share; false when the team ends.</summary>
    private bool WaitForPieces(ref long ticket)
    {
        long start = 0;
        while ((int)Volatile.Read(ref ticket) == 0)
        {
            if (Volatile.Read(ref _shared.Stop))
            {
                return false;
            }

            if (Pause(ref start) > IdleTicks)
            {
                Sleep(ref ticket);
                start = 0;
            }
        }

        return true;
    }

    private void Sleep(ref long ticket)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _shared.Sleeping);
            while ((int)Volatile.Read(ref ticket) == 0 && !Volatile.Read(ref _shared.Stop))
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _shared.Sleeping);
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>One turn of a waiting loop; returns for how long it has been waiting.</summary>
    private static long Pause(ref long start)
    {
        long now = Stopwatch.GetTimestamp();
        if (start == 0)
        {
            start = now;
        }

        if (now - start > PoliteTicks)
        {
            Thread.Yield();
        }
        else
        {
            Thread.SpinWait(1);
        }

        return now - start;
    }

    /// <summary>The pieces of one thread in the current job; two cache lines apart from the next, for they are fetched in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Share
    {
        /// <summary>Generation (upper half) and pieces left (lower half).</summary>
        [FieldOffset(128)]
        public long Ticket;

        /// <summary>One beyond the last piece.</summary>
        [FieldOffset(136)]
        public int End;
    }

    /// <summary>What the threads share. What is written at different moments lies two cache lines apart.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Shared
    {
        [FieldOffset(128)]
        public void* Job;

        [FieldOffset(136)]
        public delegate*<void*, int, int, void> Execute;

        [FieldOffset(256)]
        public int DoneByWorkers;

        [FieldOffset(384)]
        public int Sleeping;

        [FieldOffset(388)]
        public bool Stop;
    }
}
