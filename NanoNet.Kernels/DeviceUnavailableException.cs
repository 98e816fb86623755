namespace NanoNet.Kernels;

/// <summary>A device was asked for that is not there or cannot be used. The message is one sentence for the user.</summary>
public sealed class DeviceUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
