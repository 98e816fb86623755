using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Compiles kernels for an accelerator and keeps them.</summary>
/// <remarks>
/// ILGPU's own kernel cache holds weak references and would compile again what nobody holds. The code that ILGPU
/// generates needs two corrections: <see cref="CodePlacementFix"/> and, for OpenCL, <see cref="WithLocalFences"/>.
/// </remarks>
internal sealed partial class KernelLoader
{
    private readonly Accelerator _accelerator;
    private readonly List<Kernel> _kernels = [];

    /// <summary>Makes the loader of an accelerator.</summary>
    public KernelLoader(Accelerator accelerator)
    {
        _accelerator = accelerator;
        CodePlacementFix.Apply(GetBackend(accelerator));
    }

    /// <summary>Compiles a kernel and makes its launcher.</summary>
    /// <typeparam name="TLauncher">
    /// An <see cref="Action"/> of stream, <see cref="KernelConfig"/> and the kernel's parameters.
    /// </typeparam>
    /// <exception cref="DeviceUnavailableException">The device's driver refused the kernel.</exception>
    public TLauncher Load<TLauncher>(Delegate kernel) where TLauncher : Delegate
    {
        var compiled = _accelerator.CompileKernel(EntryPoint(kernel.Method));
        if (compiled is CLCompiledKernel openCL)
        {
            compiled = WithLocalFences(_accelerator.Context, openCL);
        }

        return Load<TLauncher>(compiled, kernel.Method.Name);
    }

    /// <summary>Hands compiled code to the driver and makes its launcher.</summary>
    /// <param name="compiled">The code.</param>
    /// <param name="name">The kernel's name, for the message of a driver that refuses it.</param>
    /// <exception cref="DeviceUnavailableException">The device's driver refused the kernel.</exception>
    internal TLauncher Load<TLauncher>(CompiledKernel compiled, string name) where TLauncher : Delegate
    {
        try
        {
            var loaded = _accelerator.LoadKernel(compiled);
            _kernels.Add(loaded);
            return loaded.CreateLauncherDelegate<TLauncher>();
        }
        catch (AcceleratorException exception)
        {
            string log = DriverLog(compiled) ?? exception.Message;
            throw new DeviceUnavailableException(
                $"The driver of '{_accelerator.Name}' refused the kernel '{name}': {log.Trim()}",
                exception);
        }
    }

    /// <summary>How ILGPU is told of a kernel: all of NanoNet's are explicitly grouped.</summary>
    internal static EntryPointDescription EntryPoint(MethodInfo kernel) =>
        EntryPointDescription.FromExplicitlyGroupedKernel(kernel);

    /// <summary>The same kernel with barriers that also order accesses to shared memory.</summary>
    /// <remarks>
    /// ILGPU writes a group barrier as work_group_barrier(CLK_GLOBAL_MEM_FENCE), which by the standard promises nothing
    /// for local memory. The older name serves OpenCL 1.2 devices as well.
    /// </remarks>
    internal static CLCompiledKernel WithLocalFences(Context context, CLCompiledKernel kernel) =>
        WithSource(context, kernel, GlobalBarrier().Replace(kernel.Source, "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)"));

    /// <summary>The same kernel in other words.</summary>
    internal static CLCompiledKernel WithSource(Context context, CLCompiledKernel kernel, string source) =>
        new(context, (SeparateViewEntryPoint)GetEntryPoint(kernel), kernel.Info, source, kernel.CVersion);

    [GeneratedRegex(@"work_group_barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE\s*\)")]
    private static partial Regex GlobalBarrier();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint GetEntryPoint(CompiledKernel kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Backend")]
    private static extern Backend GetBackend(Accelerator accelerator);

    // What the driver's compiler said. ILGPU drops it, so the kernel is offered to the driver once more.
    private string? DriverLog(CompiledKernel compiled)
    {
        string? log = null;
        switch (compiled, _accelerator)
        {
            case (CLCompiledKernel kernel, CLAccelerator openCL):
                CLKernel.LoadKernel(openCL, kernel.Name, kernel.Source, kernel.CVersion, out _, out _, out log);
                break;
            case (PTXCompiledKernel kernel, CudaAccelerator):
                CudaAPI.CurrentAPI.LoadModule(out _, kernel.PTXAssembly, out log);
                break;
        }

        return string.IsNullOrWhiteSpace(log) ? null : log;
    }
}
