using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// What launchers share: the one stream on which everything runs in order, the pool for scratch memory, the size of
/// groups, and the way to a kernel's launcher.
/// </summary>
internal sealed class KernelQueue
{
    /// <summary>
    /// Threads of a group on a GPU, and the most there are anywhere: eight warps, enough to keep a multiprocessor busy
    /// while some wait for memory, few enough to leave each its registers.
    /// </summary>
    public const int LargestGroup = 256;

    // ILGPU's CPU accelerator runs each thread of a group as a thread of the system and meets at a barrier after each
    // group. Kernels without barriers are fastest with one thread a group; those with barriers need some, or nothing is
    // debugged.
    private const int CpuGroup = 1;
    private const int CpuTeamGroup = 16;

    private readonly KernelLoader _loader;
    private readonly BufferPool _pool;
    private KeptScratch? _kept;

    /// <summary>Makes the queue of an accelerator.</summary>
    public KernelQueue(Accelerator accelerator, AcceleratorStream stream, BufferPool pool)
    {
        bool cpu = accelerator.AcceleratorType == AcceleratorType.CPU;
        int limit = Math.Min(accelerator.MaxNumThreadsPerGroup, LargestGroup);
        _loader = new KernelLoader(accelerator);
        Stream = stream;
        _pool = pool;
        Group = cpu ? CpuGroup : limit;
        TeamGroup = cpu ? CpuTeamGroup : PowerOfTwoUpTo(limit);
    }

    /// <summary>The stream on which everything is queued.</summary>
    public AcceleratorStream Stream { get; }

    /// <summary>Threads of a group in kernels whose threads do not meet.</summary>
    public int Group { get; }

    /// <summary>Threads of a group in kernels whose threads work together: a power of two.</summary>
    public int TeamGroup { get; }

    /// <summary>
    /// Told of every kernel just before it is launched: how tests make sure that they have seen each.
    /// </summary>
    public Action<MethodInfo>? Launching { get; set; }

    // Drivers refuse a launch of nothing at all: even for no elements there is one group, which finds nothing to do.

    /// <summary>A launch of at least <paramref name="count"/> threads that do not meet.</summary>
    public KernelConfig Threads(int count) => new(Math.Max(1, (count + Group - 1) / Group), Group);

    /// <summary>A launch of groups whose threads work together.</summary>
    public KernelConfig Teams(int groups) => new(Math.Max(1, groups), TeamGroup);

    /// <summary>Memory for intermediate results of one launcher.</summary>
    public Scratch RentFloats(int count)
    {
        long bytes = (long)count * sizeof(float);
        return new(this, _kept is null ? _pool.Rent(bytes) : _kept.Rent(bytes));
    }

    /// <summary>Takes such memory back.</summary>
    public void Return(DeviceBuffer buffer)
    {
        if (_kept is null)
        {
            _pool.Return(buffer);
        }
        else
        {
            _kept.Return(buffer);
        }
    }

    /// <summary>Runs launchers whose kernels will be repeated, so that their memory stays theirs.</summary>
    /// <param name="launches">The launchers.</param>
    /// <returns>The memory, to be disposed when no kernel is repeated any more.</returns>
    public KeptScratch KeepScratch(Action launches)
    {
        var kept = new KeptScratch(_pool);
        _kept = kept;
        try
        {
            launches();
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
        finally
        {
            _kept = null;
        }
    }

    /// <summary>The launcher of a kernel, compiled when first wanted.</summary>
    /// <param name="slot">Where the launcher is kept.</param>
    /// <param name="kernel">The kernel.</param>
    public TLauncher Load<TLauncher>(ref TLauncher? slot, Delegate kernel) where TLauncher : Delegate
    {
        Launching?.Invoke(kernel.Method);
        return slot ??= _loader.Load<TLauncher>(kernel);
    }

    /// <summary>The launcher of a generic kernel for one of its formulas, compiled when first wanted.</summary>
    /// <param name="slots">Where the launchers are kept.</param>
    /// <param name="formula">What the kernel is specialised for.</param>
    /// <param name="kernel">The specialised kernel.</param>
    public TLauncher Load<TLauncher>(Dictionary<Type, Delegate> slots, Type formula, Delegate kernel)
        where TLauncher : Delegate
    {
        Launching?.Invoke(kernel.Method);
        if (!slots.TryGetValue(formula, out var launcher))
        {
            slots.Add(formula, launcher = _loader.Load<TLauncher>(kernel));
        }

        return (TLauncher)launcher;
    }

    private static int PowerOfTwoUpTo(int limit) => 1 << System.Numerics.BitOperations.Log2((uint)limit);
}
