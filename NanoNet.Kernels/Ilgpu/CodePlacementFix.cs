using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ILGPU.Backends;
using ILGPU.IR.Transformations;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Takes the one pass out of ILGPU's optimiser that breaks kernels.</summary>
/// <remarks>
/// Code placement, which runs at O2 alone, moves values towards their uses. ILGPU 1.5.3 lets a load whose value decides
/// a branch, or is used in another block, pass the last barrier or store of its own block
/// (Movement.CanMoveSideEffectValue looks at what lies between the two, not at the barrier itself). "Read shared
/// memory, wait, use what was read" becomes "wait, read, use", and races with whoever writes next. Drivers place code
/// themselves: nothing is lost without the pass.
/// </remarks>
internal static class CodePlacementFix
{
    /// <summary>Makes a backend generate code without the pass.</summary>
    public static void Apply(Backend backend) =>
        SetKernelTransformers(backend, [.. GetKernelTransformers(backend).Select(WithoutCodePlacement)]);

    private static Transformer WithoutCodePlacement(Transformer transformer) => Transformer.Create(
        transformer.Configuration, [.. transformer.Transformations.Where(pass => pass is not CodePlacement)]);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_KernelTransformers")]
    private static extern ImmutableArray<Transformer> GetKernelTransformers(Backend backend);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_KernelTransformers")]
    private static extern void SetKernelTransformers(Backend backend, ImmutableArray<Transformer> transformers);
}
