namespace NanoNet.Assignment;

/// <summary>Something that the user can mend. The message is one sentence that says what and how.</summary>
internal sealed class AssignmentException(string message, Exception? inner = null) : Exception(message, inner);
