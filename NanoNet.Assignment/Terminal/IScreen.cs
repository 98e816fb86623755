namespace NanoNet.Assignment.Terminal;

/// <summary>What the user sees while the program works: a live terminal, or plain lines in a file or a pipe.</summary>
internal interface IScreen
{
    /// <summary>Prints a line.</summary>
    void Say(string line = "");

    /// <summary>Prints a heading.</summary>
    void Head(string line);

    /// <summary>Prints a table.</summary>
    void Table(string[] columns, IEnumerable<string[]> rows);

    /// <summary>Shows work that takes a while.</summary>
    /// <param name="title">What it is, in a few words.</param>
    /// <param name="work">Does it, and tells how far it is.</param>
    T Watch<T>(string title, Func<IWatch, T> work);
}
