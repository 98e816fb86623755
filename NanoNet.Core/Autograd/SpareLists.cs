namespace NanoNet.Core.Autograd;

/// <summary>
/// Lists that ended scopes leave, with the memory they had grown to, for the next scopes of this thread: a training
/// loop opens one a step.
/// </summary>
internal static class SpareLists<T>
{
    [ThreadStatic]
    private static Stack<List<T>>? s_spare;

    /// <summary>An empty list.</summary>
    public static List<T> Take() => s_spare is not null && s_spare.TryPop(out var list) ? list : [];

    /// <summary>Takes a list back; nobody may use it any more.</summary>
    public static void GiveBack(List<T> list)
    {
        list.Clear();
        (s_spare ??= new()).Push(list);
    }
}
