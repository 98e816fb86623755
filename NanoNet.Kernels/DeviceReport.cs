namespace NanoNet.Kernels;

/// <summary>One line of a device listing: a device that can be used, or why one cannot.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Name">The device's name, or the family's when no device was found.</param>
/// <param name="IsUsable">Whether it can be opened.</param>
/// <param name="Explanation">Its abilities, or a plain reason why it is missing and what would cure it.</param>
public sealed record DeviceReport(DeviceKind Kind, string Name, bool IsUsable, string Explanation);
