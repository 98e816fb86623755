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
        : base([y], [x], to => to.Affine(Of(y), Of(x), scale, shift, count)) => Overwritable = x;
}

/// <summary><see cref="IBackend.SgdUpdate"/>.</summary>
internal sealed class SgdUpdateCall(
    DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity,
    float rate, float momentum, bool nesterov, int count)
    : PlannedCall([parameter, velocity], [parameter, gradient, velocity], to => to.SgdUpdate(
        Of(parameter), Of(gradient), OfOrNull(velocity), rate, momentum, nesterov, count));
