using NanoNet.Core.Tensors;

namespace NanoNet.Core.Autograd;

/// <summary>
/// Owns the tensors made while it is open and gives their memory back when it ends, so that nobody disposes temporaries.
/// </summary>
/// <remarks>
/// Scopes nest; the innermost open scope of the current thread owns what is made. Parameters and optimizer state are made
/// outside any scope. <example><code>
/// using var scope = new TensorScope();
/// var y = scope.Keep(x * x + 1);   // x * x goes back to the pool, y belongs to the surrounding scope or to the caller
/// </code></example>
/// </remarks>
public class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly List<Tensor> _owned = SpareLists<Tensor>.Take();

    /// <summary>Opens a scope within the current one.</summary>
    public TensorScope()
    {
        Parent = s_current;
        s_current = this;
    }

    /// <summary>The innermost open scope of this thread, or null.</summary>
    internal static TensorScope? Current => s_current;

    /// <summary>Whether the scope is over.</summary>
    internal bool IsEnded { get; private set; }

    /// <summary>The scope that was open when this one began.</summary>
    internal TensorScope? Parent { get; }

    /// <summary>Hands a tensor to the surrounding scope, or to the caller when there is none.</summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope == this && !IsEnded)
        {
            _owned.Remove(tensor);
            tensor.Scope = null;
            Parent?.Own(tensor);
        }

        return tensor;
    }

    /// <summary>Ends the scope. Scopes end in the reverse order of their beginning; a scope left open inside ends with it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs something whose results belong to nobody: parameters, optimizer state, caches.</summary>
    internal static T Outside<T>(Func<T> create)
    {
        var saved = s_current;
        s_current = null;
        try
        {
            return create();
        }
        finally
        {
            s_current = saved;
        }
    }

    internal void Own(Tensor tensor)
    {
        _owned.Add(tensor);
        tensor.Scope = this;
    }

    /// <summary>Takes a tensor over from a scope within this one.</summary>
    internal void Adopt(Tensor? tensor)
    {
        if (tensor?.Scope is { } scope && scope != this && scope.IsWithin(this))
        {
            scope._owned.Remove(tensor);
            Own(tensor);
        }
    }

    /// <summary>Releases what the scope owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (IsEnded)
        {
            return;
        }

        IsEnded = true;
        while (s_current is not null && s_current != Parent)
        {
            var inner = s_current;
            s_current = inner.Parent;
            if (inner != this)
            {
                inner.Dispose();
            }
        }

        s_current = Parent;
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }

        SpareLists<Tensor>.GiveBack(_owned);
    }

    private bool IsWithin(TensorScope other)
    {
        var scope = Parent;
        while (scope is not null && scope != other)
        {
            scope = scope.Parent;
        }

        return scope == other;
    }
}
