using System.Reflection;
using NanoNet.Assignment;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NetArchTest.Rules;
using Xunit;

namespace NanoNet.Tests.Architecture;

/// <summary>
/// The arrows between the rooms: Assignment, Tests and Benchmarks → Core → Kernels → ILGPU, and none upwards.
/// </summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly s_kernels = typeof(IBackend).Assembly;
    private static readonly Assembly s_core = typeof(Tensor).Assembly;
    private static readonly Assembly s_assignment = typeof(AssignmentModels).Assembly;

    [Fact]
    public void Kernels_stand_on_ILGPU_alone() => AssertReferences(s_kernels, ["ILGPU", "ILGPU.Algorithms"]);

    // The compiler writes an assembly reference for any type that is named, be it in a signature or deep inside a method.
    [Fact]
    public void Core_stands_on_Kernels_and_names_no_ILGPU_type() => AssertReferences(s_core, ["NanoNet.Kernels", "PureHDF"]);

    [Fact]
    public void The_assignment_reaches_devices_through_Core_alone()
    {
        string[] references = ReferencesOf(s_assignment);
        Assert.Contains("NanoNet.Core", references);
        Assert.DoesNotContain(references, name => name.StartsWith("ILGPU", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name is "NanoNet.Tests" or "NanoNet.Benchmarks" or "PureHDF");
    }

    [Fact]
    public void Only_the_ILGPU_engine_and_the_catalog_of_devices_name_ILGPU()
    {
        var others = Types.InAssembly(s_kernels).That().DoNotResideInNamespace("NanoNet.Kernels.Ilgpu")
            .And().DoNotHaveName(nameof(DeviceCatalog));
        AssertHolds(others.ShouldNot().HaveDependencyOnAny("ILGPU"));
    }

    [Fact]
    public void Core_uses_an_engine_through_the_contract_alone()
    {
        // Dropout's mask, formulas and geometry belong to the contract; the engines do not.
        AssertHolds(Types.InAssembly(s_core).ShouldNot().HaveDependencyOnAny("NanoNet.Kernels.Simd", "NanoNet.Kernels.Ilgpu"));
    }

    [Fact]
    public void Inside_Core_nothing_below_knows_what_stands_on_it()
    {
        AssertHolds(Types.InAssembly(s_core).That().ResideInNamespace("NanoNet.Core.Tensors")
            .ShouldNot().HaveDependencyOnAny("NanoNet.Core.Layers", "NanoNet.Core.Models", "NanoNet.Core.Training"));
        AssertHolds(Types.InAssembly(s_core).That().ResideInNamespace("NanoNet.Core.Ops")
            .ShouldNot().HaveDependencyOnAny("NanoNet.Core.Layers", "NanoNet.Core.Models", "NanoNet.Core.Training"));
        AssertHolds(Types.InAssembly(s_core).That().ResideInNamespace("NanoNet.Core.Layers")
            .ShouldNot().HaveDependencyOnAny("NanoNet.Core.Models", "NanoNet.Core.Training"));
    }

    // The checker sees dependencies where there are some.
    [Fact]
    public void A_dependency_that_exists_is_found()
    {
        var engine = Types.InAssembly(s_kernels).That().HaveName(nameof(DeviceCatalog));
        Assert.False(engine.ShouldNot().HaveDependencyOnAny("ILGPU").GetResult().IsSuccessful);
    }

    [Fact]
    public void What_is_public_in_Core_shows_nothing_of_ILGPU()
    {
        const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var shown = s_core.GetTypes().SelectMany(type => type.GetMembers(Everything)).SelectMany(TypesOf);
        Assert.DoesNotContain(shown, type => type.Assembly.GetName().Name!.StartsWith("ILGPU", StringComparison.Ordinal));
    }

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)],
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        _ => [],
    };

    private static string[] ReferencesOf(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => !IsPlatform(name))];

    private static bool IsPlatform(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    private static void AssertReferences(Assembly assembly, string[] allowed) =>
        Assert.Empty(ReferencesOf(assembly).Except(allowed));

    private static void AssertHolds(ConditionList rule)
    {
        var result = rule.GetResult();
        Assert.True(result.IsSuccessful, $"Against the arrows: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }
}
