namespace NanoNet.Kernels.Ilgpu;

/// <summary>4 × 4 results of a product in registers, row by row.</summary>
internal struct ResultTile
{
    public Float4 Row0;
    public Float4 Row1;
    public Float4 Row2;
    public Float4 Row3;

    /// <summary>Adds the products of four elements of one operand with four of the other.</summary>
    public void Add(Float4 rows, Float4 columns)
    {
        Row0 = Float4.MultiplyAdd(rows.X, columns, Row0);
        Row1 = Float4.MultiplyAdd(rows.Y, columns, Row1);
        Row2 = Float4.MultiplyAdd(rows.Z, columns, Row2);
        Row3 = Float4.MultiplyAdd(rows.W, columns, Row3);
    }

    /// <summary>Adds another tile, element by element.</summary>
    public void Add(ResultTile other)
    {
        Row0 = Float4.Add(Row0, other.Row0);
        Row1 = Float4.Add(Row1, other.Row1);
        Row2 = Float4.Add(Row2, other.Row2);
        Row3 = Float4.Add(Row3, other.Row3);
    }
}
