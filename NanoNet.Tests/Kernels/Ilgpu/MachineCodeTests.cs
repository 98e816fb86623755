using ILGPU.Runtime.Cuda;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Every kernel's machine code, where NVIDIA's assembler is at hand: what a thread needs, and what loops are made of. The
/// environment variable NANONET_KERNEL_TABLE names a file for the table of all.
/// </summary>
public sealed class MachineCodeTests(AssembledKernels kernels) : IClassFixture<AssembledKernels>
{
    // Two groups of 256 threads share the 65,536 registers of a multiprocessor; of 128 threads, which is what tensor cores get.
    private const int MostRegisters = 128;
    private const int MostRegistersWithTensorCores = 255;

    // Of the instructions of a loop that keeps tensor cores busy; the rest loads what they multiply.
    private const double LeastTensorShare = 0.35;

    // What every GPU gives a group without being asked for more.
    private const int MostSharedBytes = 48 * 1024;

    public static TheoryData<string> Kernels => [.. AllKernels.ByName.Keys];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_stays_in_its_registers(string kernel)
    {
        NeedsTools();
        foreach (var (architecture, code) in kernels[kernel])
        {
            Assert.Empty(Violations(code).Select(violation => $"{architecture}: {violation}"));
        }
    }

    /// <summary>
    /// Products, and how much of their loop must multiply: the more results a thread has, the more each element that it reads is worth.
    /// </summary>
    /// <remarks>
    /// All but <see cref="TinyTile"/>, which is for ILGPU's CPU accelerator: no GPU's groups are so small.
    /// </remarks>
    public static TheoryData<string, double> Products => new(
        from product in new (string Name, double Share)[]
        {
            ($"{nameof(LargeTile)}, {nameof(Wide)}, {nameof(MatMulKernels.Matrix)}", 0.85),
            ($"{nameof(LargeTile)}, {nameof(Wide)}, Transposed<{nameof(MatMulKernels.Matrix)}>", 0.85),
            ($"{nameof(LargeTile)}, {nameof(Wide)}, {nameof(Conv2DKernels.Patches)}", 0.85),
            ($"{nameof(LargeTile)}, {nameof(Wide)}, Transposed<{nameof(Conv2DKernels.Patches)}>", 0.85),
            ($"{nameof(MediumTile)}, {nameof(Wide)}, {nameof(MatMulKernels.Matrix)}", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Wide)}, Transposed<{nameof(MatMulKernels.Matrix)}>", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Wide)}, {nameof(Conv2DKernels.Patches)}", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Wide)}, Transposed<{nameof(Conv2DKernels.Patches)}>", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Wide)}, {nameof(Conv2DKernels.GradientPatches)}", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Narrow)}, {nameof(MatMulKernels.Matrix)}", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Narrow)}, Transposed<{nameof(MatMulKernels.Matrix)}>", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Narrow)}, {nameof(Conv2DKernels.Patches)}", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Narrow)}, Transposed<{nameof(Conv2DKernels.Patches)}>", 0.7),
            ($"{nameof(MediumTile)}, {nameof(Narrow)}, {nameof(Conv2DKernels.GradientPatches)}", 0.7),
            ($"{nameof(SmallTile)}, {nameof(Wide)}", 0.7),
            ($"{nameof(SmallTile)}, {nameof(Narrow)}", 0.7),
        }
        from kernel in AllKernels.ByName.Keys
        where kernel.StartsWith($"ProductKernels.ProductKernel<{product.Name},", StringComparison.Ordinal)
        select (kernel, product.Share));

    [Fact]
    public void Every_product_that_a_GPU_runs_is_held_to_a_share()
    {
        var held = Products.Select(row => row.Data.Item1).ToHashSet();
        Assert.All(
            AllKernels.ByName.Keys.Where(kernel => kernel.StartsWith("ProductKernels.ProductKernel<", StringComparison.Ordinal)),
            kernel => Assert.NotEqual(kernel.Contains(nameof(TinyTile), StringComparison.Ordinal), held.Contains(kernel)));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Loops_of_products_multiply(string kernel, double share)
    {
        NeedsTools();
        foreach (var (architecture, code) in kernels[kernel])
        {
            Assert.True(code.ShareOfLoop("FFMA") >= share, $"{architecture}: {code.ShareOfLoop("FFMA"):P1} FFMA");
        }
    }

    /// <summary>Kernels with few threads, which wait for memory, and how many loads these have on their way.</summary>
    public static TheoryData<string, int> Readers => new()
    {
        { $"{nameof(ProductKernels)}.{nameof(ProductKernels.SumSplitsKernel)}", 16 },
        { $"{nameof(ReduceKernels)}.FoldKernel<{nameof(Sum)}>", 16 },
        { $"{nameof(ReduceKernels)}.FoldKernel<{nameof(Largest)}>", 12 },
        { $"{nameof(ReduceKernels)}.{nameof(ReduceKernels.ReluBiasKernel)}", 12 },
        { $"{nameof(UpdateKernels)}.{nameof(UpdateKernels.SgdKernel)}", 12 },
        { $"{nameof(LossKernels)}.{nameof(LossKernels.StepKernel)}", 5 },
        { $"{nameof(MaxPool2DKernels)}.{nameof(MaxPool2DKernels.ForwardKernel)}", 4 },
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public void Values_are_not_waited_for_one_by_one(string kernel, int loads)
    {
        NeedsTools();
        foreach (var (architecture, code) in kernels[kernel])
        {
            Assert.True(code.LoadsTogether >= loads, $"{architecture}: {code.LoadsTogether} loads on their way at once");
        }
    }

    [Fact]
    public void The_table_is_written()
    {
        NeedsTools();
        string table = kernels.Table();
        int withTensorCores = AllKernels.ByName.Values.Count(AllKernels.NeedsTensorCores);
        Assert.Equal(2 + 3 * AllKernels.ByName.Count - withTensorCores, table.Count(letter => letter == '\n'));
        if (Environment.GetEnvironmentVariable("NANONET_KERNEL_TABLE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, table);
        }
    }

    [Fact]
    public void A_planted_spill_is_found()
    {
        NeedsTools();
        using var compiler = new OfflineCompiler();
        var planted = typeof(PlantedKernels).GetMethod(nameof(PlantedKernels.UsesLocalMemory))!;
        var code = CudaTools.Assemble([compiler.Ptx(planted, CudaArchitecture.SM_80)], "sm_90")[0];
        Assert.Contains(Violations(code), violation => violation.Contains("stack", StringComparison.Ordinal));
        Assert.Contains(Violations(code), violation => violation.Contains("LDL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("LDS.128 HMMA.1688.F32.TF32 HMMA.1688.F32.TF32 BRA", null)]
    [InlineData("LDS.128 LDS.128 HMMA.1688.F32.TF32 BRA", "HMMA in the loop")]
    [InlineData("ROUND.TF32 ROUND.TF32 STS.64 HMMA.1688.F32.TF32 HMMA.1688.F32.TF32 HMMA.1688.F32.TF32 BRA", null)]
    [InlineData("ROUND.TF32 HMMA.1688.F32.TF32 HMMA.1688.F32.TF32 BRA", "conversions")]
    [InlineData("SEL IADD3 HMMA.1688.F32.TF32 HMMA.1688.F32.TF32 BRA", "conversions")]
    public void Loops_over_tensor_cores_are_held_to_their_share(string loop, string? violation)
    {
        string[] operations = loop.Split(' ');
        var code = new MachineCode(200, 0, 0, 0, operations, [(0, operations.Length - 1)]);
        string found = string.Join("; ", Violations(code));
        Assert.True(violation is null ? found.Length == 0 : found.Contains(violation, StringComparison.Ordinal), found);
    }

    [Fact]
    public void Resources_and_loops_are_read_from_what_the_tools_print()
    {
        const string Resources = """
            ptxas info    : Function properties for K
                16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
            ptxas info    : Used 41 registers, 2048 bytes smem, 400 bytes cmem[0]
            """;
        const string Disassembly = """
            .text.K:
                    /*0000*/                   MOV R1, c[0x0][0x28] ;
            .L_x_0:
                    /*0010*/                   LDS.128 R4, [R2] ;
            .L_x_1:
                    /*0020*/                   FFMA R0, R4, R5, R0 ;
                    /*0030*/              @!P1 FFMA R0, R6, R7, R0 ;
                    /*0040*/                   LDS R8, [R2] ;
                    /*0050*/               @P0 BRA `(.L_x_1) ;
                    /*0060*/                   STL [R1], R0 ;
                    /*0068*/                   LOP3.LUT R5, R0, 0xffffe000, RZ, 0xc0, !PT ;
                    /*0070*/               @P2 BRA `(.L_x_0) ;
                    /*0080*/                   EXIT ;
            .L_x_2:
                    /*0090*/                   BRA `(.L_x_2);
            """;
        var code = MachineCode.Parse(Resources, Disassembly);
        Assert.Equal((41, 2048, 16, 20), (code.Registers, code.SharedBytes, code.StackBytes, code.SpillBytes));
        Assert.Equal(["FFMA", "FFMA", "LDS", "BRA"], code.ProductLoop);
        Assert.Equal(0.5, code.ShareOfLoop("FFMA"));
        Assert.Equal(8, code.StepLoop.Count);
        Assert.Equal(0.25, code.ShareOfStep("FFMA"));
        Assert.Equal(1, code.Count("LDL", "STL"));
        Assert.Equal(2, code.Count("LDS"));
        Assert.Equal(1, code.Count("ROUND"));
        Assert.Equal(0, code.ConversionsInLoop);
        Assert.Equal(11, code.Operations.Count);
    }

    private static IEnumerable<string> Violations(MachineCode code)
    {
        bool isTensor = code.Count("HMMA") > 0;
        (string What, int Value, int Most)[] bounds =
        [
            ("registers", code.Registers, isTensor ? MostRegistersWithTensorCores : MostRegisters),
            ("bytes of shared memory", code.SharedBytes, MostSharedBytes),
            ("bytes of stack", code.StackBytes, 0),
            ("bytes spilled", code.SpillBytes, 0),
            ("LDL or STL instructions", code.Count("LDL", "STL"), 0),
            ("conversions in the loop over tensor cores", isTensor ? code.ConversionsInLoop : 0, 0),
        ];
        var violations = from bound in bounds
                         where bound.Value > bound.Most
                         select $"{bound.Value} {bound.What}, at most {bound.Most}";
        return isTensor && code.ShareOfLoop("HMMA") < LeastTensorShare
            ? violations.Append($"{code.ShareOfLoop("HMMA"):P0} HMMA in the loop, at least {LeastTensorShare:P0}")
            : violations;
    }

    private static void NeedsTools() => Required.Tool(
        Required.Ptxas, CudaTools.ArePresent, ".ci/install-gpu-tools fetches ptxas and nvdisasm and says where they are.");
}
