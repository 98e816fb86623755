using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
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
        (Dz, Dbias, Dy, Y, Columns) = (dz, dbias, dy, y, columns);
        Overwritable = dy;
    }

    public DeviceBuffer Dz { get; }

    public DeviceBuffer Dbias { get; }

    public DeviceBuffer Dy { get; }

    public DeviceBuffer Y { get; }

    public int Columns { get; }
}

/// <summary><see cref="IBackend.SgdUpdate"/>.</summary>
internal sealed class SgdUpdateCall(
    DeviceBuffer parameter, DeviceBuffer gradient, DeviceBuffer? velocity,
    float rate, float momentum, bool nesterov, int count)
    : PlannedCall([parameter, velocity], [parameter, gradient, velocity], to => to.SgdUpdate(
        Of(parameter), Of(gradient), OfOrNull(velocity), rate, momentum, nesterov, count));
