using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;
using static NanoNet.Kernels.Plans.PlannedBuffer;

namespace NanoNet.Kernels.Plans;

// Calls whose operands the rewrites need to know by name. All others are plain PlannedCalls.

/// <summary><see cref="IBackend.Fill"/>.</summary>
internal sealed class FillCall(DeviceBuffer output, float value, int count)
    : PlannedCall([output], [], to => to.Fill(Of(output), value, count))
{
    public DeviceBuffer Output { get; } = output;
}

/// <summary><see cref="IBackend.MatMul"/>.</summary>
internal sealed class MatMulCall(
    DeviceBuffer c, DeviceBuffer a, DeviceBuffer b, DeviceBuffer? bias, MatMulGeometry geometry, Activation activation)
    : PlannedCall([c], [a, b, bias], to => to.MatMul(Of(c), Of(a), Of(b), OfOrNull(bias), geometry, activation))
{
    public DeviceBuffer B { get; } = b;

    public MatMulGeometry Geometry { get; } = geometry;

    /// <summary>Whether the product is all there is to it.</summary>
    public bool IsPlain { get; } = bias is null && activation == Activation.None;

    public PlannedCall Masked(DeviceBuffer dz, DeviceBuffer y, float scale) => new(
        [dz], [a, B, y], to => ((IFusesCalls)to).MatMulMasked(Of(dz), Of(a), Of(B), Of(y), scale, Geometry));

    public MatMulUpdateCall Updating(DeviceBuffer w, float rate) => new(w, a, B, rate, Geometry);

    public PlannedCall WithPacked(IPacksWeights engine, DeviceBuffer packed) => new(
        [c], [a, packed, bias], _ => engine.MatMulPacked(Of(c), Of(a), Of(packed), OfOrNull(bias), Geometry, activation));
}

/// <summary><see cref="IUpdatesInProducts.MatMulUpdate"/>.</summary>
internal sealed class MatMulUpdateCall(DeviceBuffer w, DeviceBuffer a, DeviceBuffer b, float rate, MatMulGeometry geometry)
    : PlannedCall([w], [w, a, b], to => ((IUpdatesInProducts)to).MatMulUpdate(Of(w), Of(a), Of(b), rate, geometry));

/// <summary><see cref="IBackend.Conv2D"/>.</summary>
internal sealed class Conv2DCall(
    DeviceBuffer y, DeviceBuffer x, DeviceBuffer filter, DeviceBuffer? bias, Conv2DGeometry geometry, Activation activation)
    : PlannedCall([y], [x, filter, bias], to => to.Conv2D(Of(y), Of(x), Of(filter), OfOrNull(bias), geometry, activation))
{
    public DeviceBuffer Filter { get; } = filter;

    public Conv2DGeometry Geometry { get; } = geometry;

    public PlannedCall WithPacked(IPacksWeights engine, DeviceBuffer packed) => new(
        [y], [x, packed, bias], _ => engine.Conv2DPacked(Of(y), Of(x), Of(packed), OfOrNull(bias), Geometry, activation));
}

/// <summary><see cref="IBackend.Conv2DInputGradient"/>.</summary>
internal sealed class Conv2DInputGradientCall(
    DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer filter, Conv2DGeometry geometry)
    : PlannedCall([dx], [dy, filter], to => to.Conv2DInputGradient(Of(dx), Of(dy), Of(filter), geometry))
{
    public Conv2DGeometry Geometry { get; } = geometry;

    public PlannedCall Masked(DeviceBuffer dz, DeviceBuffer y, float scale) => new(
        [dz], [dy, filter, y],
        to => ((IFusesCalls)to).Conv2DInputGradientMasked(Of(dz), Of(dy), Of(filter), Of(y), scale, Geometry));
}

/// <summary><see cref="IBackend.ReduceSum"/>.</summary>
internal sealed class ReduceSumCall(DeviceBuffer y, DeviceBuffer x, ReduceGeometry geometry, float scale)
    : PlannedCall([y], [x], to => to.ReduceSum(Of(y), Of(x), geometry, scale))
{
    public DeviceBuffer Y { get; } = y;

    public DeviceBuffer X { get; } = x;

    public ReduceGeometry Geometry { get; } = geometry;

    public float Scale { get; } = scale;
}

/// <summary><see cref="IBackend.MaxPool2D"/>.</summary>
internal sealed class MaxPool2DCall(DeviceBuffer y, DeviceBuffer? argmax, DeviceBuffer x, Pool2DGeometry geometry)
    : PlannedCall([y, argmax], [x], to => to.MaxPool2D(Of(y), OfOrNull(argmax), Of(x), geometry))
{
    public DeviceBuffer Y { get; } = y;

    public DeviceBuffer? ArgMax { get; } = argmax;

    public DeviceBuffer X { get; } = x;
}

/// <summary><see cref="IBackend.MaxPool2DGradient"/>.</summary>
internal sealed class MaxPool2DGradientCall(
    DeviceBuffer dx, DeviceBuffer dy, DeviceBuffer argmax, Pool2DGeometry geometry)
    : PlannedCall([dx], [dy, argmax], to => to.MaxPool2DGradient(Of(dx), Of(dy), Of(argmax), geometry))
{
    public DeviceBuffer Dx { get; } = dx;

    public DeviceBuffer Dy { get; } = dy;

    public DeviceBuffer ArgMax { get; } = argmax;

    public Pool2DGeometry Geometry { get; } = geometry;
}

/// <summary><see cref="IBackend.ReluBiasGradient"/>.</summary>
internal sealed class ReluBiasGradientCall : PlannedCall
{
    public ReluBiasGradientCall(
        DeviceBuffer dz, DeviceBuffer dbias, DeviceBuffer dy, DeviceBuffer y, int rows, int columns)
        : base([dz, dbias], [dy, y], to => to.ReluBiasGradient(Of(dz), Of(dbias), Of(dy), Of(y), rows, columns))
    {
        (Dz, Dbias, Dy, Y, Rows, Columns) = (dz, dbias, dy, y, rows, columns);
        Overwritable = dy;
    }

    public DeviceBuffer Dz { get; }

    public DeviceBuffer Dbias { get; }

    public DeviceBuffer Dy { get; }

    public DeviceBuffer Y { get; }

    public int Rows { get; }

    public int Columns { get; }
}

/// <summary><see cref="IBackend.Dropout"/>.</summary>
internal sealed class DropoutCall : PlannedCall
{
    public DropoutCall(DeviceBuffer y, DeviceBuffer x, DropoutMask mask, int rows, int columns)
        : base([y], [x], to => to.Dropout(Of(y), Of(x), mask, rows, columns))
    {
        (Y, X, Mask, Count) = (y, x, mask, rows * columns);
        Overwritable = x;
        Clock = mask.Clock;
    }

    public DeviceBuffer Y { get; }

    public DeviceBuffer X { get; }

    public DropoutMask Mask { get; }

    public int Count { get; }
}

/// <summary><see cref="IBackend.Affine"/>.</summary>
internal sealed class AffineCall : PlannedCall
{
    public AffineCall(DeviceBuffer y, DeviceBuffer x, float scale, float shift, int count)
        : base([y], [x], to => to.Affine(Of(y), Of(x), scale, shift, count))
    {
        (X, Scale, Shift, Count) = (x, scale, shift, count);
        Overwritable = x;
    }

    public DeviceBuffer X { get; }

    public float Scale { get; }

    public float Shift { get; }

    public int Count { get; }
}

/// <summary><see cref="IBackend.Gather"/>.</summary>
internal sealed class GatherCall : PlannedCall
{
    public GatherCall(
        DeviceBuffer y, DeviceBuffer source, DeviceBuffer indices, GatherGeometry geometry, StepClock clock)
        : base([y], [source, indices], to => to.Gather(Of(y), Of(source), Of(indices), geometry, clock))
    {
        (Y, Source, Indices, Geometry) = (y, source, indices, geometry);
        Clock = clock;
    }

    public DeviceBuffer Y { get; }

    public DeviceBuffer Source { get; }

    public DeviceBuffer Indices { get; }

    public GatherGeometry Geometry { get; }
}

/// <summary><see cref="IFusesCalls.GatherTogether"/>.</summary>
internal sealed class GatherTogetherCall : PlannedCall
{
    public GatherTogetherCall(GatherCall first, GatherCall second)
        : base(
            [first.Y, second.Y], [first.Source, second.Source, first.Indices],
            to => ((IFusesCalls)to).GatherTogether(
                Of(first.Y), Of(first.Source), first.Geometry, Of(second.Y), Of(second.Source), second.Geometry,
                Of(first.Indices), first.Clock!)) => Clock = first.Clock;
}

/// <summary><see cref="IBackend.SgdUpdateAll"/>, for one parameter or many.</summary>
internal sealed class SgdUpdateCall : PlannedCall
{
    /// <summary>Describes the updates.</summary>
    /// <param name="updates">The parameters.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">The momentum.</param>
    /// <param name="nesterov">Whether it is Nesterov's.</param>
    /// <param name="gradientRows">The rows of each gradient that are still to be summed; one unless said
    /// otherwise.</param>
    /// <param name="movesClock">Whether it moves the engine's clock on.</param>
    public SgdUpdateCall(
        ParameterUpdate[] updates, float rate, float momentum, bool nesterov, int[]? gradientRows = null,
        bool movesClock = false)
        : base(
            [.. updates.Select(update => update.Parameter), .. updates.Select(update => update.Velocity)],
            [.. updates.SelectMany(update => new[] { update.Parameter, update.Gradient, update.Velocity })],
            Runner(updates, gradientRows, rate, momentum, nesterov, movesClock))
    {
        (Updates, Rate, Momentum, Nesterov, MovesClock) = (updates, rate, momentum, nesterov, movesClock);
        GradientRows = gradientRows ?? Array.ConvertAll(updates, _ => 1);
    }

    public ParameterUpdate[] Updates { get; }

    public int[] GradientRows { get; }

    public float Rate { get; }

    public float Momentum { get; }

    public bool Nesterov { get; }

    public bool MovesClock { get; }

    public SgdUpdateCall MovingClock() => new(Updates, Rate, Momentum, Nesterov, GradientRows, movesClock: true);

    // Where the buffers are is known when the call is first made, and does not change.
    private static Action<IBackend> Runner(
        ParameterUpdate[] updates, int[]? gradientRows, float rate, float momentum, bool nesterov, bool movesClock)
    {
        ParameterUpdate[]? placed = null;
        return to =>
        {
            placed ??= Array.ConvertAll(updates, update => new ParameterUpdate(
                Of(update.Parameter), Of(update.Gradient), OfOrNull(update.Velocity), update.Count));
            if (gradientRows is null)
            {
                to.SgdUpdateAll(placed, rate, momentum, nesterov);
            }
            else
            {
                ((IFusesCalls)to).SgdUpdateAll(placed, gradientRows, rate, momentum, nesterov, movesClock);
            }
        };
    }
}
