namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>What generated code must not contain, and why.</summary>
internal static class CodeLint
{
    private static readonly (string Token, string Reason)[] s_ptx =
    [
        (".f64", "doubles: many times slower than floats on most GPUs"),
        (".local", "registers that spill to memory: an indexed array, or a struct that ILGPU could not take apart"),
        ("0f00000001", "a Boolean converted to a float, of which ILGPU makes the smallest positive one"),
        ("\tatom.", "atomics, whose order differs from run to run"),
        ("\tred.", "atomics, whose order differs from run to run"),
    ];

    private static readonly (string Token, string Reason)[] s_openCL =
    [
        ("double", "doubles, which a device need not have"),
        ("generic ", "pointers of the generic address space, which OpenCL 1.2 devices and PoCL 3 lack"),
        ("1.40129846E-45f", "a Boolean converted to a float, of which ILGPU makes the smallest positive one"),
        ("atomic", "atomics, whose order differs from run to run"),
        ("work_group_barrier", "a barrier that does not order accesses to local memory"),
    ];

    public static IEnumerable<string> Ptx(string code) => Violations(code, s_ptx);

    public static IEnumerable<string> OpenCL(string code) => Violations(code, s_openCL);

    private static IEnumerable<string> Violations(string code, (string Token, string Reason)[] rules) =>
        from rule in rules
        where code.Contains(rule.Token, StringComparison.Ordinal)
        select $"'{rule.Token.Trim()}': {rule.Reason}";
}
