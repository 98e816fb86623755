using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using ILGPU.Runtime.Cuda;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Every kernel's machine code for three generations of NVIDIA GPUs, assembled when first asked for.</summary>
public sealed class AssembledKernels
{
    // Assembled for, and the PTX that is assembled. The newest that ILGPU names in its code is sm_80.
    private static readonly (string Architecture, CudaArchitecture Ptx)[] s_targets =
    [
        ("sm_75", CudaArchitecture.SM_75), ("sm_80", CudaArchitecture.SM_80), ("sm_90", CudaArchitecture.SM_80),
    ];

    private const int NameWidth = 96;

    private static readonly int s_parts = Environment.ProcessorCount;

    private readonly Lazy<ConcurrentDictionary<(string Kernel, string Architecture), MachineCode>> _code = new(AssembleAll);

    internal IEnumerable<(string Architecture, MachineCode Code)> this[string kernel] =>
        from target in s_targets
        where _code.Value.ContainsKey((kernel, target.Architecture))
        select (target.Architecture, _code.Value[(kernel, target.Architecture)]);

    /// <summary>
    /// A table of all: registers, shared memory and spills, and for products how much of their loop multiplies, and of the step that the
    /// loop is part of.
    /// </summary>
    public string Table()
    {
        string name = "kernel".PadRight(NameWidth);
        var text = new StringBuilder(
            $"| {name} | arch  | registers | shared | spills | LDL, STL | loop | FFMA | HMMA | LDS | step FFMA | HMMA |\n"
            + "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        var rows = _code.Value.OrderBy(row => row.Key.Kernel, StringComparer.Ordinal).ThenBy(row => row.Key.Architecture);
        foreach (var ((kernel, architecture), code) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {kernel,-NameWidth} | {architecture} | {code.Registers,9} ");
            text.Append(CultureInfo.InvariantCulture, $"| {code.SharedBytes,6} | {code.SpillBytes,6} | {code.Count("LDL", "STL"),8} ");
            text.Append(Loop(code));
        }

        return text.ToString();
    }

    private static string Loop(MachineCode code)
    {
        if (code.ProductLoop.Count == 0)
        {
            return "|      |      |      |     |           |      |\n";
        }

        int loads = code.ProductLoop.Count(operation => operation.StartsWith("LDS", StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {code.ProductLoop.Count,4} | {code.ShareOfLoop("FFMA"),4:P0} | {code.ShareOfLoop("HMMA"),4:P0} | {loads,3} ")
            + string.Create(CultureInfo.InvariantCulture, $"| {code.ShareOfStep("FFMA"),9:P0} | {code.ShareOfStep("HMMA"),4:P0} |\n");
    }

    private static bool Runs(MethodInfo kernel, CudaArchitecture architecture) =>
        architecture >= CudaArchitecture.SM_80 || !AllKernels.NeedsTensorCores(kernel);

    private static ConcurrentDictionary<(string Kernel, string Architecture), MachineCode> AssembleAll()
    {
        using var compiler = new OfflineCompiler();
        var work = (
            from target in s_targets
            let kernels = AllKernels.ByName.Where(kernel => Runs(kernel.Value, target.Ptx)).ToArray()
            from part in kernels.Chunk((kernels.Length + s_parts - 1) / s_parts)
            let ptx = part.Select(kernel => compiler.Ptx(kernel.Value, target.Ptx)).ToArray()
            select (target.Architecture, Kernels: part.Select(kernel => kernel.Key).ToArray(), Ptx: ptx)).ToArray();
        var assembled = new ConcurrentDictionary<(string Kernel, string Architecture), MachineCode>();
        Parallel.ForEach(work, part =>
        {
            var code = CudaTools.Assemble(part.Ptx, part.Architecture);
            for (int i = 0; i < code.Count; i++)
            {
                assembled[(part.Kernels[i], part.Architecture)] = code[i];
            }
        });
        return assembled;
    }
}
