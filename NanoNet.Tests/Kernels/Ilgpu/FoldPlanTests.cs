using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>How reductions are laid over a GPU's threads.</summary>
public sealed class FoldPlanTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 },
        { 1, 25_088, 64 },
        { 1, 1_000_003, 1 },
        { 60_000, 10, 1 },
        { 32, 784, 3 },
        { 1, 32, 256 },
        { 128, 1, 128 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Parts_cover_the_axis_once(int outer, int count, int inner)
    {
        var geometry = new ReduceGeometry(outer, count, inner);
        var plan = FoldPlan.Create(geometry, group: 256);
        Assert.True(plan.Chunks * (long)plan.ChunkLength >= count);
        Assert.True((plan.Chunks - 1) * (long)plan.ChunkLength < count);
        Assert.Equal(256, plan.Team.Lanes * plan.Team.Count);
        Assert.Equal(new ReduceGeometry(outer, plan.Chunks, inner), plan.Rest);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void No_thread_works_long_alone(int outer, int count, int inner)
    {
        var plan = FoldPlan.Create(new ReduceGeometry(outer, count, inner), group: 256);
        int alone = (plan.ChunkLength + plan.Team.Lanes - 1) / plan.Team.Lanes;
        Assert.True(alone <= 128 || plan.Results * (long)plan.Team.Lanes >= 1 << 15, $"{alone} values a thread");
    }

    [Fact]
    public void The_index_of_the_largest_takes_one_pass() =>
        Assert.Equal(1, FoldPlan.Create(new ReduceGeometry(1, 1_000_003, 1), group: 256, inOnePass: true).Chunks);
}
