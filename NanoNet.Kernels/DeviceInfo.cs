namespace NanoNet.Kernels;

/// <summary>What a device is.</summary>
/// <param name="Kind">Its family.</param>
/// <param name="Name">Its name as the driver or the system gives it.</param>
/// <param name="Description">A line on its abilities: vector width and threads, or memory and multiprocessors.</param>
public sealed record DeviceInfo(DeviceKind Kind, string Name, string Description)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Name} ({Description})";
}
