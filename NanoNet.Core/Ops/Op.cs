using NanoNet.Core.Tensors;

namespace NanoNet.Core.Ops;

/// <summary>
/// The operations on tensors. Each is one story: the verb, the check of its shapes, the forward pass, and right under it the
/// way back.
/// </summary>
public static partial class Op
{
    private static void RequireSameDevice(string operation, Tensor a, Tensor b)
    {
        if (a.Device != b.Device)
        {
            throw new ArgumentException($"{operation}: both operands must live on one device, got {a.Device.Info.Name} and "
                + $"{b.Device.Info.Name}. Make both with the same Device.");
        }
    }
}
