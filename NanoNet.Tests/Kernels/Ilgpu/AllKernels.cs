using System.Reflection;
using NanoNet.Kernels.Ilgpu;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Every kernel of the engine, generic ones for everything they can be specialised for, found by reflection.
/// </summary>
internal static class AllKernels
{
    private static readonly Type[] s_types = typeof(IlgpuBackend).Assembly.GetTypes();

    // The operands of each product that a backend computes.
    private static readonly (Type A, Type B)[] s_products =
    [
        (typeof(MatMulKernels.Matrix), typeof(Transposed<MatMulKernels.Matrix>)),
        (typeof(MatMulKernels.Matrix), typeof(MatMulKernels.Matrix)),
        (typeof(Transposed<MatMulKernels.Matrix>), typeof(Transposed<MatMulKernels.Matrix>)),
        (typeof(Transposed<MatMulKernels.Matrix>), typeof(MatMulKernels.Matrix)),
        (typeof(Conv2DKernels.Patches), typeof(Transposed<MatMulKernels.Matrix>)),
        (typeof(Conv2DKernels.Patches), typeof(Conv2DKernels.FilterByChannel)),
        (typeof(Conv2DKernels.GradientPatches), typeof(Conv2DKernels.FilterByChannel)),
        (typeof(Transposed<Conv2DKernels.Patches>), typeof(Transposed<MatMulKernels.Matrix>)),
    ];

    public static IReadOnlyDictionary<string, MethodInfo> ByName { get; } = s_types
        .Where(type => type.Namespace == typeof(IlgpuBackend).Namespace)
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(method => method.Name.EndsWith("Kernel", StringComparison.Ordinal))
        .SelectMany(Specialised)
        .ToDictionary(Name);

    /// <summary>Operand types that no product in the list has, so that a new one cannot be forgotten here.</summary>
    public static IEnumerable<Type> OperandsNotCovered =>
        Implementations(typeof(IOperand)).Where(type => !type.IsGenericType)
            .Except(s_products.SelectMany(product => new[] { product.A, product.B }).Select(Innermost));

    /// <summary>Whether a kernel is for NVIDIA GPUs of compute capability 8.0 or above.</summary>
    public static bool NeedsTensorCores(MethodInfo kernel) => kernel.GetGenericArguments().Contains(typeof(CudaTensorCore));

    private static IEnumerable<MethodInfo> Specialised(MethodInfo kernel)
    {
        if (!kernel.IsGenericMethodDefinition)
        {
            return [kernel];
        }

        if (kernel.Name == nameof(ProductKernels.ProductKernel))
        {
            return from tile in Implementations(typeof(ITile))
                   from width in Implementations(typeof(IWidth))
                   from product in s_products
                   where IsPlanned(tile, width, product.A)
                   select kernel.MakeGenericMethod(tile, width, product.A, product.B);
        }

        if (kernel.Name == nameof(TensorKernels.TensorProductKernel))
        {
            return from layout in new[]
                   {
                       (typeof(MediumTensorTile), typeof(Tf32)), (typeof(BroadTensorTile), typeof(Tf32)), (typeof(LargeTensorTile), typeof(Tf32)),
                       (typeof(MediumTensorTile), typeof(Tf32x3)), (typeof(TallTensorTile), typeof(Tf32x3)),
                   }
                   from product in s_products
                   select kernel.MakeGenericMethod(layout.Item1, layout.Item2, typeof(CudaTensorCore), product.A, product.B);
        }

        var constraint = kernel.GetGenericArguments().Single()
            .GetGenericParameterConstraints().Single(type => type.IsInterface);
        return Implementations(constraint).Select(type => kernel.MakeGenericMethod(type));
    }

    // Not every product has every tile: see ProductPlan.
    private static bool IsPlanned(Type tile, Type width, Type operand) =>
        (tile != typeof(LargeTile) || (width == typeof(Wide) && operand != typeof(Conv2DKernels.GradientPatches)))
        && (tile != typeof(SmallTile) || Innermost(operand) == typeof(MatMulKernels.Matrix));

    private static IEnumerable<Type> Implementations(Type constraint) =>
        s_types.Where(type => type.IsValueType && constraint.IsAssignableFrom(type));

    private static Type Innermost(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;

    private static string Name(MethodInfo kernel) =>
        $"{kernel.DeclaringType!.Name}.{kernel.Name}{Arguments(kernel.GetGenericArguments())}";

    private static string Arguments(Type[] types) => types.Length == 0
        ? ""
        : $"<{string.Join(", ", types.Select(PlainName))}>";

    private static string PlainName(Type type) => type.Name.Split('`')[0] + Arguments(type.GetGenericArguments());
}
