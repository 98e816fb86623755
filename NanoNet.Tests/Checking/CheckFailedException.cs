namespace NanoNet.Tests.Checking;

/// <summary>A result that is not what the reference says. The message names operation, engine, shape, places and values.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
