using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using NanoNet.Kernels.Ilgpu;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Generates the code of kernels for devices that need not be there.</summary>
public sealed class OfflineCompiler : IDisposable
{
    private readonly Context _context = IlgpuBackend.CreateContext();
    private readonly bool _fixed;

    /// <summary>Makes a compiler whose code is corrected as the product does it.</summary>
    public OfflineCompiler()
        : this(true)
    {
    }

    private OfflineCompiler(bool isFixed) => _fixed = isFixed;

    /// <summary>A compiler whose code is as ILGPU alone generates it.</summary>
    internal static OfflineCompiler WithoutFixes() => new(false);

    /// <summary>The assembly for an NVIDIA GPU.</summary>
    public string Ptx(MethodInfo kernel, CudaArchitecture architecture)
    {
        using var backend = new PTXBackend(
            _context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_78, null!);
        return ((PTXCompiledKernel)Compile(backend, kernel)).PTXAssembly;
    }

    /// <summary>The OpenCL C for a device without extensions: no doubles, no half floats, no 64-bit atomics.</summary>
    public string OpenCL(MethodInfo kernel)
    {
        // Its parameters are the extensions that a device may have, all Boolean.
        var constructor = typeof(CLCapabilityContext).GetConstructors()
            .Single(candidate => candidate.GetParameters().All(parameter => parameter.ParameterType == typeof(bool)));
        object[] none = [.. constructor.GetParameters().Select(_ => (object)false)];
        using var backend = new CLBackend(
            _context, (CLCapabilityContext)constructor.Invoke(none), CLDeviceVendor.Other, new CLCVersion(1, 2));
        var compiled = (CLCompiledKernel)Compile(backend, kernel);
        return (_fixed ? KernelLoader.WithLocalFences(_context, compiled) : compiled).Source;
    }

    public void Dispose() => _context.Dispose();

    private CompiledKernel Compile(Backend backend, MethodInfo kernel)
    {
        if (_fixed)
        {
            CodePlacementFix.Apply(backend);
        }

        return backend.Compile(KernelLoader.EntryPoint(kernel), default);
    }
}
