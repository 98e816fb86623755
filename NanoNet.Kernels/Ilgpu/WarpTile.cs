using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// A lane's results in a tile of 16 × 16: of the hardware's two tiles of 16 × 8, one has the even columns, the other the
/// odd ones, and rows g and g + 8 of both are neighbours; see <see cref="TensorLayout{TTile, TPrecision}"/>.
/// </summary>
internal struct WarpTile<TPrecision, TCore>
    where TPrecision : struct, ITensorPrecision
    where TCore : struct, ITensorCore
{
    private Float4 _even;
    private Float4 _odd;

    /// <summary>Four neighbouring columns of the upper row.</summary>
    public readonly Float4 Upper => new(_even.X, _odd.X, _even.Y, _odd.Y);

    /// <summary>The same of the row below.</summary>
    public readonly Float4 Lower => new(_even.Z, _odd.Z, _even.W, _odd.W);

    /// <summary>Adds the products of 16 rows and 16 columns, eight deep.</summary>
    public void Add(TensorFragment rows, TensorFragment columns, ArrayView<Float4> scratch)
    {
        var big = columns.Big;
        var small = columns.Small;
        _even = TPrecision.MultiplyAdd<TCore>(rows, new(big.X, big.Y), new(small.X, small.Y), _even, scratch);
        _odd = TPrecision.MultiplyAdd<TCore>(rows, new(big.Z, big.W), new(small.Z, small.W), _odd, scratch);
    }

    /// <summary>Adds other results, element by element.</summary>
    public void Add(WarpTile<TPrecision, TCore> other)
    {
        _even = Float4.Add(_even, other._even);
        _odd = Float4.Add(_odd, other._odd);
    }
}
