using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>What the assembler made of a kernel: the resources of a thread, and its instructions.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="SharedBytes">Shared memory of a group.</param>
/// <param name="StackBytes">Memory of a thread for what is not in registers.</param>
/// <param name="SpillBytes">What it stores there and loads again because there are too few registers.</param>
/// <param name="Operations">
/// The instructions in order, each without predicate and operands: "LDS.128", "FFMA"; "ROUND.TF32" stands for the one that ends such
/// a rounding.
/// </param>
/// <param name="Loops">Indices of the first and last instruction of each loop.</param>
internal sealed partial record MachineCode(
    int Registers, int SharedBytes, int StackBytes, int SpillBytes,
    IReadOnlyList<string> Operations, IReadOnlyList<(int First, int Last)> Loops)
{
    // ptxas rounds to TF32 by adding half a unit and masking the last 13 bits away.
    private const string Tf32Mask = "0xffffe000";

    // The kernels themselves choose, with SEL, what is added to four numbers, and mask nothing away.
    private static readonly string[] s_conversions = ["F2F", "F2FP", "F2I", "I2F", "I2I", "ROUND", "SEL"];

    // What waits for a value that was loaded, or would have to come after it.
    private static readonly string[] s_users = ["FADD", "FFMA", "FMUL", "FSETP", "FMNMX", "FSEL", "STG", "BRA"];

    /// <summary>The innermost loop that multiplies most: its instructions, none if no loop multiplies.</summary>
    public IReadOnlyList<string> ProductLoop => ProductBounds is { } bounds ? Within(bounds) : [];

    /// <summary>
    /// The loop around <see cref="ProductLoop"/>, or that itself if there is none: with what fills shared memory for it. Where the inner
    /// loop goes round but once, this one's shares tell more.
    /// </summary>
    public IReadOnlyList<string> StepLoop => ProductBounds is not { } inner ? [] : Within(Loops
        .Where(outer => outer.First <= inner.First && outer.Last >= inner.Last && outer != inner)
        .DefaultIfEmpty(inner).MinBy(outer => outer.Last - outer.First));

    /// <summary>
    /// Conversions in the product loop of what is multiplied there: those beyond one for each element that the loop stores to shared
    /// memory, which are on their way there.
    /// </summary>
    public int ConversionsInLoop => Math.Max(0, ProductLoop.Sum(operation =>
        s_conversions.Any(name => Is(operation, name)) ? 1 : Is(operation, "STS") ? -ElementsOf(operation) : 0));

    /// <summary>
    /// The most loads from global memory that no sum, comparison, store or branch comes between: none of them is waited
    /// for before the last is on its way.
    /// </summary>
    public int LoadsTogether
    {
        get
        {
            int together = 0;
            int most = 0;
            foreach (string operation in Operations)
            {
                together = s_users.Any(name => Is(operation, name)) ? 0 : together + (Is(operation, "LDG") ? 1 : 0);
                most = Math.Max(most, together);
            }

            return most;
        }
    }

    /// <summary>How many instructions begin with one of these names.</summary>
    public int Count(params string[] names) =>
        Operations.Count(operation => names.Any(name => Is(operation, name)));

    /// <summary>The share of the product loop's instructions that begin with a name.</summary>
    public double ShareOfLoop(string name) => Share(ProductLoop, name);

    /// <summary>The share of the instructions of <see cref="StepLoop"/> that begin with a name.</summary>
    public double ShareOfStep(string name) => Share(StepLoop, name);

    /// <summary>Reads what ptxas -v and nvdisasm -c print of a file with one kernel.</summary>
    public static MachineCode Parse(string resources, string disassembly)
    {
        List<string> operations = [];
        Dictionary<string, int> labels = [];
        List<(int From, string To)> branches = [];
        foreach (string line in disassembly.Split('\n'))
        {
            if (Label().Match(line) is { Success: true } label)
            {
                labels[label.Groups[1].Value] = operations.Count;
            }
            else if (Instruction().Match(line) is { Success: true } instruction)
            {
                if (Target().Match(line) is { Success: true } target)
                {
                    branches.Add((operations.Count, target.Groups[1].Value));
                }

                operations.Add(line.Contains(Tf32Mask, StringComparison.Ordinal) ? "ROUND.TF32" : instruction.Groups[1].Value);
            }
        }

        // A kernel ends with a branch to itself, which nothing reaches.
        var loops = branches.Select(branch => (First: labels.GetValueOrDefault(branch.To, int.MaxValue), Last: branch.From))
            .Where(loop => loop.First < loop.Last);
        return new(
            Number(Used().Match(resources)), Number(Shared().Match(resources)), Number(Stack().Match(resources)),
            Spills().Matches(resources).Sum(Number), operations, [.. loops]);
    }

    private (int First, int Last)? ProductBounds
    {
        get
        {
            var innermost = Loops.Where(outer => !Loops.Any(
                inner => inner != outer && inner.First >= outer.First && inner.Last <= outer.Last));
            var best = innermost.Where(loop => Within(loop).Any(Multiplies)).ToArray();
            return best.Length == 0 ? null : best.MaxBy(loop => Within(loop).Count(Multiplies));
        }
    }

    private string[] Within((int First, int Last) loop) => [.. Operations.Skip(loop.First).Take(loop.Last - loop.First + 1)];

    private static double Share(IReadOnlyList<string> loop, string name) =>
        loop.Count == 0 ? 0 : (double)loop.Count(operation => Is(operation, name)) / loop.Count;

    private static int ElementsOf(string store) => store switch { "STS.128" => 4, "STS.64" => 2, _ => 1 };

    private static bool Multiplies(string operation) => Is(operation, "FFMA") || Is(operation, "HMMA");

    private static bool Is(string operation, string name) =>
        operation == name || operation.StartsWith(name + ".", StringComparison.Ordinal);

    private static int Number(Match match) =>
        match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    // ".L_x_12:"
    [GeneratedRegex(@"^\s*(\.L_[^:\s]+):")]
    private static partial Regex Label();

    // "        /*0370*/              @!P0 LDS.128 R8, [R3+0x10] ;"
    [GeneratedRegex(@"^\s*/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][A-Z0-9_.]*)")]
    private static partial Regex Instruction();

    // "@P0 BRA `(.L_x_3) ;"
    [GeneratedRegex(@"\bBRA\b.*`\((\.L_[^)]+)\)")]
    private static partial Regex Target();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex Shared();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes spill (?:stores|loads)")]
    private static partial Regex Spills();
}
