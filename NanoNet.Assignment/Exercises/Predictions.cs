using NanoNet.Core.Autograd;
using NanoNet.Core.Data;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>What a model makes of some labelled images.</summary>
internal sealed class Predictions
{
    private readonly float[] _logits;
    private readonly float[] _probabilities;
    private readonly byte[] _labels;

    /// <summary>Takes scores and probabilities, row after row, and the true classes.</summary>
    public Predictions(float[] logits, float[] probabilities, byte[] labels)
    {
        _logits = logits;
        _probabilities = probabilities;
        _labels = labels;
        Classes = logits.Length / labels.Length;
    }

    /// <summary>The fingerprint of the weights that predicted.</summary>
    public string Weights { get; init; } = "";

    /// <summary>How many images there are.</summary>
    public int Count => _labels.Length;

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>
    /// Predicts in one pass: the probabilities are the softmax of the scores, by the kernel that Predict would run.
    /// </summary>
    public static Predictions Of(
        Sequential model, Examples examples, ImageDataset images, CancellationToken cancellation)
    {
        float[] logits = model.PredictLogits(examples, cancellation: cancellation);
        using var scope = new TensorScope();
        var scores = Tensor.From(model.Device, logits, new Shape(examples.Count, model.OutputShape.Count));
        return new(logits, Op.Softmax(scores).ToArray(), images.Labels.ToArray())
        {
            Weights = TrainedModels.Fingerprint(model),
        };
    }

    /// <summary>The true class.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>
    /// The class of the largest probability: the first largest score, so that probabilities which are equal when
    /// rounded are told apart, as accuracy does.
    /// </summary>
    public int Predicted(int index)
    {
        var row = _logits.AsSpan(index * Classes, Classes);
        int best = 0;
        for (int c = 1; c < row.Length; c++)
        {
            best = row[c] > row[best] ? c : best;
        }

        return best;
    }

    /// <summary>The predicted probabilities of all classes.</summary>
    public ReadOnlySpan<float> Probabilities(int index) => _probabilities.AsSpan(index * Classes, Classes);

    /// <summary>
    /// ln of a class's probability, from the scores in double precision: x_c − max x − ln Σ exp(x − max x).
    /// </summary>
    public double LogProbability(int index, int @class)
    {
        var row = _logits.AsSpan(index * Classes, Classes);
        double largest = row[Predicted(index)];
        double sum = 0;
        foreach (float score in row)
        {
            sum += Math.Exp(score - largest);
        }

        return row[@class] - largest - Math.Log(sum);
    }
}
