namespace NanoNet.Core.Errors;

/// <summary>
/// Data that was asked for is not there, or not all of it. The message is one sentence for the user, with the cure.
/// </summary>
public sealed class DataNotFoundException(string message) : Exception(message);
