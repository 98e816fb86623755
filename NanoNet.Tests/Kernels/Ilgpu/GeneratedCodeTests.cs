using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// The code that ILGPU generates for every kernel, checked without a device: that there is any, and that it contains
/// nothing slow, nothing wrong, and nothing that a device may lack.
/// </summary>
public sealed partial class GeneratedCodeTests(OfflineCompiler compiler) : IClassFixture<OfflineCompiler>
{
    public static TheoryData<string> PortableKernels =>
        [.. AllKernels.ByName.Where(kernel => !AllKernels.NeedsTensorCores(kernel.Value)).Select(kernel => kernel.Key)];

    public static TheoryData<string> TensorKernels =>
        [.. AllKernels.ByName.Where(kernel => AllKernels.NeedsTensorCores(kernel.Value)).Select(kernel => kernel.Key)];

    [Theory]
    [MemberData(nameof(PortableKernels))]
    public void Every_portable_kernel_compiles_for_CUDA(string kernel)
    {
        // The oldest architecture that CUDA 13 knows, and the newest that ILGPU names in its code.
        foreach (var architecture in new[] { CudaArchitecture.SM_75, CudaArchitecture.SM_80 })
        {
            string ptx = compiler.Ptx(AllKernels.ByName[kernel], architecture);
            Assert.Contains($".target sm_{architecture.Major}{architecture.Minor}", ptx, StringComparison.Ordinal);
            Assert.Empty(CodeLint.Ptx(ptx));
        }
    }

    // ILGPU puts the operands of inline assembly into local memory, from where ptxas takes them back into registers: MachineCodeTests.
    [Theory]
    [MemberData(nameof(TensorKernels))]
    public void Every_kernel_for_tensor_cores_compiles_for_CUDA(string kernel)
    {
        string ptx = compiler.Ptx(AllKernels.ByName[kernel], CudaArchitecture.SM_80);
        Assert.Contains(".target sm_80", ptx, StringComparison.Ordinal);
        Assert.DoesNotContain(CodeLint.Ptx(ptx), violation => !violation.StartsWith("'.local'", StringComparison.Ordinal));
        Assert.Contains("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {", ptx, StringComparison.Ordinal);
        Assert.Matches(@"selp\.b32\s+%r\d+, 4096, 0, %p", ptx); // what is added to round, if it is finite
        Assert.DoesNotMatch(@"(ld|st)\.shared\.(v2\.)?f32", ptx);
        Assert.Matches(@"ld\.shared\.v4\.f32", ptx);
        Assert.Matches(@"ld\.global\.v4\.f32", ptx);
    }

    [Theory]
    [MemberData(nameof(PortableKernels))]
    public void Every_portable_kernel_compiles_for_OpenCL(string kernel) =>
        Assert.Empty(CodeLint.OpenCL(compiler.OpenCL(AllKernels.ByName[kernel])));

    [Fact]
    public void Every_operand_is_part_of_a_product_that_is_checked() => Assert.Empty(AllKernels.OperandsNotCovered);

    /// <summary>Product kernels with wide loads, and how many 4 x 4 results a thread has.</summary>
    public static TheoryData<string, int> WideProducts => new(
        from tile in new (string Name, int Results)[]
        {
            (nameof(LargeTile), 4), (nameof(MediumTile), 2), (nameof(SmallTile), 1), (nameof(TinyTile), 1),
        }
        from kernel in AllKernels.ByName.Keys
        where kernel.StartsWith($"ProductKernels.ProductKernel<{tile.Name}, {nameof(Wide)},", StringComparison.Ordinal)
        select (kernel, tile.Results));

    [Theory]
    [MemberData(nameof(WideProducts))]
    public void Products_read_sixteen_bytes_at_a_time(string kernel, int results)
    {
        string ptx = compiler.Ptx(AllKernels.ByName[kernel], CudaArchitecture.SM_80);
        Assert.Equal(1, Regex.Count(ptx, @"\.shared \.align 16"));
        Assert.DoesNotMatch(@"ld\.shared\.f32", ptx);

        // Of both operands the first slabs, the second, and those of the loop; and the bias or the mask, wide and one by one.
        const int Loads = 2 * 3;
        Assert.Equal(Loads + 2 * 4 * results, Regex.Count(ptx, @"ld\.global\.v4\.f32"));
        Assert.Equal(2 * 16 * results, Regex.Count(ptx, @"ld\.global\.f32"));
    }

    [Theory]
    [InlineData(nameof(PlantedKernels.UsesDoubles), ".f64", "double")]
    [InlineData(nameof(PlantedKernels.UsesLocalMemory), ".local", null)]
    [InlineData(nameof(PlantedKernels.ConvertsABoolean), "0f00000001", "1.40129846E-45f")]
    [InlineData(nameof(PlantedKernels.AddsAtomically), "red.", "atomic")]
    public void A_planted_fault_is_found(string kernel, string inPtx, string? inOpenCL)
    {
        Assert.Contains(CodeLint.Ptx(compiler.Ptx(Planted(kernel), CudaArchitecture.SM_80)), Names(inPtx));
        if (inOpenCL is not null)
        {
            // Doubles are refused before there is any code.
            Assert.True(Record.Exception(() => compiler.OpenCL(Planted(kernel))) is not null
                || CodeLint.OpenCL(compiler.OpenCL(Planted(kernel))).Any(Names(inOpenCL).Invoke));
        }

        static Predicate<string> Names(string token) =>
            violation => violation.StartsWith($"'{token}'", StringComparison.Ordinal);
    }

    [Fact]
    public void Barriers_order_local_memory()
    {
        using var plain = OfflineCompiler.WithoutFixes();
        Assert.NotEmpty(CodeLint.OpenCL(plain.OpenCL(Planted(nameof(PlantedKernels.Waits)))));

        string source = compiler.OpenCL(Planted(nameof(PlantedKernels.Waits)));
        Assert.Equal(1, Regex.Count(source, Regex.Escape("barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)")));
        Assert.Empty(CodeLint.OpenCL(source));
    }

    [Fact]
    public void Reads_stay_before_the_barrier_that_follows_them()
    {
        using var plain = OfflineCompiler.WithoutFixes();
        var kernel = Planted(nameof(PlantedKernels.ReadsThenWaits));

        // R a read of memory, W a write, B a barrier. When ILGPU itself keeps the order, the fix can go.
        const string AsWritten = "RWBRB";
        Assert.DoesNotContain(AsWritten, Accesses(plain.OpenCL(kernel)), StringComparison.Ordinal);
        Assert.Contains(AsWritten, Accesses(compiler.OpenCL(kernel)), StringComparison.Ordinal);
    }

    private static MethodInfo Planted(string name) => typeof(PlantedKernels).GetMethod(name)!;

    private static string Accesses(string openCL) =>
        string.Concat(MemoryAccess().Matches(openCL).Select(match => Letter(match.Value.TrimStart())));

    private static char Letter(string access) =>
        access.StartsWith("barrier", StringComparison.Ordinal) ? 'B' : access.StartsWith('*') ? 'W' : 'R';

    // "*  var1 = var2" writes, "var2 = * var1" reads.
    [GeneratedRegex(@"^\s*\*\s*var\d+\s*=|=\s*\*\s*var\d+;|barrier\s*\(", RegexOptions.Multiline)]
    private static partial Regex MemoryAccess();
}
