using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Autograd;

/// <summary>
/// Records the operations done while it is open and walks them back for gradients. A <see cref="TensorScope"/> too: what was
/// made on the tape, gradients included, is gone when the tape ends.
/// </summary>
/// <remarks>
/// Operations run at once, so the order of recording is already a topological order: the backward pass is a loop. An operation
/// is recorded when one of its operands requires a gradient, is watched, or was itself recorded.
/// <example><code>
/// using var tape = new GradientTape();
/// var loss = Op.SoftmaxCrossEntropy(model.Logits(x, training: true), labels);
/// optimizer.Apply(model.Parameters, tape.Gradient(loss, model.Parameters));
/// </code></example>
/// </remarks>
public sealed class GradientTape : TensorScope
{
    private readonly List<Node> _nodes = SpareLists<Node>.Take();
    private readonly List<Tensor> _withGradient = SpareLists<Tensor>.Take();
    private bool _isRecording = true;

    /// <summary>Whether operations done now are recorded: an operation that need not prepare for a way back saves the work.</summary>
    internal static bool IsRecording => Innermost is { _isRecording: true };

    private static GradientTape? Innermost
    {
        get
        {
            var scope = Current;
            while (scope is not null and not GradientTape)
            {
                scope = scope.Parent;
            }

            return scope as GradientTape;
        }
    }

    /// <summary>Asks for gradients with respect to a tensor that is no parameter.</summary>
    public Tensor Watch(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Tape = this;
        return tensor;
    }

    /// <summary>
    /// ∂target/∂source for each source, of each source's shape; zeros where the target does not depend on it.
    /// </summary>
    /// <param name="target">A scalar, or any tensor when <paramref name="upstream"/> is given.</param>
    /// <param name="sources">Parameters or watched tensors.</param>
    /// <param name="upstream">The gradient that arrives at the target; 1 when null.</param>
    /// <exception cref="ObjectDisposedException">The tape has ended.</exception>
    /// <exception cref="ShapeException">The target is no scalar and no upstream gradient was given, or its shape is another.</exception>
    public Tensor[] Gradient(Tensor target, IReadOnlyList<Tensor> sources, Tensor? upstream = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(sources);
        ObjectDisposedException.ThrowIf(IsEnded, this);
        if (upstream is null && target.Count != 1)
        {
            throw ShapeException.Create("GradientTape.Gradient", "a target of one element", $"shape {target.Shape}",
                "Reduce it with Sum() or Mean(), or pass an upstream gradient.");
        }

        if (upstream is not null && upstream.Shape != target.Shape)
        {
            throw ShapeException.Create("GradientTape.Gradient", $"an upstream gradient of shape {target.Shape}", $"{upstream.Shape}");
        }

        _isRecording = false;
        try
        {
            target.Gradient = upstream ?? Tensor.Ones(target.Device, target.Shape);
            _withGradient.Add(target);
            for (int i = _nodes.Count - 1; i >= 0; i--)
            {
                var node = _nodes[i];
                if (node.Output.Gradient is { } gradient)
                {
                    node.Backward(this, gradient);
                }
            }

            return GradientsOf(sources);
        }
        finally
        {
            _isRecording = true;
            ForgetGradients();
        }
    }

    /// <summary>
    /// Called by every operation after its forward pass: remembers how to go back, if a tape is listening and an operand matters.
    /// </summary>
    /// <param name="output">The operation's result.</param>
    /// <param name="inputs">Its operands; null for those left out.</param>
    /// <param name="backward">From the gradient of the output, calls <see cref="Accumulate"/> for the operands that need it.</param>
    internal static void Record(Tensor output, ReadOnlySpan<Tensor?> inputs, Action<GradientTape, Tensor> backward)
    {
        if (IsRecording)
        {
            Innermost!.RecordNode(output, inputs, backward);
        }
    }

    /// <summary>Whether a gradient for this operand is of use: if not, the backward pass saves the work.</summary>
    internal bool Needs(Tensor? tensor) => tensor is not null && (tensor.RequiresGradient || tensor.Tape == this);

    /// <summary>Adds to an operand's gradient. Gradients accumulate: an operand may be used many times.</summary>
    internal void Accumulate(Tensor tensor, Tensor gradient)
    {
        if (Needs(tensor))
        {
            // Never in place: the first gradient may be the very tensor that another operand was given.
            tensor.Gradient = tensor.Gradient is null ? gradient : tensor.Gradient + gradient;
            _withGradient.Add(tensor);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!IsEnded)
        {
            SpareLists<Node>.GiveBack(_nodes);
            SpareLists<Tensor>.GiveBack(_withGradient);
        }

        base.Dispose(disposing);
    }

    private static Tensor[] GradientsOf(IReadOnlyList<Tensor> sources)
    {
        var gradients = new Tensor[sources.Count];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = sources[i].Gradient ?? Tensor.Zeros(sources[i].Device, sources[i].Shape);
        }

        return gradients;
    }

    private void RecordNode(Tensor output, ReadOnlySpan<Tensor?> inputs, Action<GradientTape, Tensor> backward)
    {
        bool matters = false;
        foreach (var input in inputs)
        {
            matters |= Needs(input);
        }

        if (!matters)
        {
            return;
        }

        // A scope within the tape may end before the walk back: what that walk will read moves to the tape.
        foreach (var input in inputs)
        {
            Adopt(input);
        }

        Adopt(output);
        output.Tape = this;
        _nodes.Add(new Node(output, backward));
    }

    private void ForgetGradients()
    {
        foreach (var tensor in _withGradient)
        {
            tensor.Gradient = null;
        }

        _withGradient.Clear();
    }

    private readonly record struct Node(Tensor Output, Action<GradientTape, Tensor> Backward);
}
