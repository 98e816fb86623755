using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Layers;

/// <summary>One axis from all: of images, the channel runs fastest, then columns, then rows.</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    public override string TypeName => "Flatten";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => new(input.Count);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) => Op.Reshape(x, x.Shape[0], x.Shape.RowCount);
}
