using System.Globalization;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;

namespace NanoNet.Benchmarks;

/// <summary>A plan for every product of a GPU engine, by name, instead of the one that its sizes ask for: to try what only a GPU can tell.</summary>
internal static class ForcedPlan
{
    /// <summary>What a plan's name must be.</summary>
    public const string Help = "a tile (small, medium, large; with tensor cores medium, large, broad, or with tf32x3 medium, tall), "
        + "a colon, and parts of the depth, as in large:4.";

    /// <summary>Sets it; false if there is no such plan.</summary>
    public static bool TrySet(IBackend backend, string text)
    {
        string[] words = text.Split(':');
        if (backend is not IlgpuBackend { Products: var products } || words.Length != 2
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int splits) || splits < 1)
        {
            return false;
        }

        if (products.Tensor is { } tensor)
        {
            bool isTensor = Enum.TryParse<TensorTileSize>(words[0], ignoreCase: true, out var size) && tensor.Knows(size);
            tensor.Forced = isTensor ? new(size, splits) : null;
            return isTensor;
        }

        bool isTile = Enum.TryParse<TileSize>(words[0], ignoreCase: true, out var tile) && Enum.IsDefined(tile) && tile != TileSize.Tiny;
        products.Forced = isTile ? new(tile, splits) : null;
        return isTile;
    }
}
