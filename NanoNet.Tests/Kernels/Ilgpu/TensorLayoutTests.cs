using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Shared memory serves eight threads at a time, 16 bytes each, in one turn only if all meet banks of their own: what the
/// speed of products for tensor cores rests on, and no result tells.
/// </summary>
public sealed class TensorLayoutTests
{
    private const int Banks = 8;

    // By thread: the pair of rows and the pair of depths of a fragment that it reads, or stores in one instruction.
    public static TheoryData<string> Accesses => ["read", "stored along depths", "stored along rows", "stored along rows, second"];

    [Theory]
    [MemberData(nameof(Accesses))]
    public void Eight_threads_meet_eight_banks(string access)
    {
        for (int first = 0; first < 128; first += Banks)
        {
            var banks = Enumerable.Range(first, Banks).Select(thread => Place(access, thread) % Banks);
            Assert.Equal(Banks, banks.Distinct().Count());
        }
    }

    [Fact]
    public void Every_fragment_has_a_place_of_its_own()
    {
        var places = from rows in Enumerable.Range(0, 64) from depths in Enumerable.Range(0, 4) select Of(rows, depths);
        Assert.Equal(Enumerable.Range(0, 256), places.Order());
    }

    private static int Place(string access, int thread) => access switch
    {
        "read" => Of(thread % 32 / 4, thread % 4),
        "stored along depths" => Of(thread / 4, thread % 4),
        "stored along rows" => Of(2 * (thread % 8 + thread / 64 * 8), thread / 8 % 4),
        _ => Of(2 * (thread % 8 + thread / 64 * 8) + 1, thread / 8 % 4),
    };

    private static int Of(int rows, int depths) => TensorLayout<LargeTensorTile, Tf32>.Place(rows, depths);
}
