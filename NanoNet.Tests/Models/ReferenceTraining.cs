using NanoNet.Core.Models;
using NanoNet.Core.Training;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Models;

/// <summary>A softmax regression trained in doubles, from the weights that a model has now, on <see cref="TinyModel.Data"/>.</summary>
internal sealed class ReferenceTraining(Sequential model, float rate, float momentum, bool nesterov)
{
    private NdArray? _kernelVelocity = momentum > 0 ? new NdArray(TinyModel.Features, TinyModel.Classes) : null;
    private NdArray? _biasVelocity = momentum > 0 ? new NdArray(TinyModel.Classes) : null;

    public NdArray Kernel { get; private set; } =
        NdArray.From([TinyModel.Features, TinyModel.Classes], model.Parameters[0].ToArray());

    public NdArray Bias { get; private set; } = NdArray.From([TinyModel.Classes], model.Parameters[1].ToArray());

    /// <summary>One epoch in the given order; loss and accuracy are of the batches as they were trained on.</summary>
    public Evaluation Epoch(int[] order, int batchSize)
    {
        var (inputs, labels) = TinyModel.Data(order.Length);
        double loss = 0;
        int correct = 0;
        foreach (int[] batch in order.Chunk(batchSize))
        {
            var x = Naive.Gather(inputs, batch, 0, batch.Length, 1);
            var targets = Naive.OneHot([.. batch.Select(i => labels[i])], TinyModel.Classes);
            var logits = Naive.AddBias(Naive.MatMul(x, Kernel), Bias);
            loss += Naive.SoftmaxCrossEntropy(logits, targets).Values.Sum();
            correct += Naive.CountCorrect(logits, targets);
            var dlogits = Naive.SoftmaxCrossEntropyGradient(logits, targets, 1);
            (Kernel, _kernelVelocity) = Naive.Sgd(Kernel, Naive.MatMul(x, dlogits, transposeA: true), _kernelVelocity, rate, momentum, nesterov);
            (Bias, _biasVelocity) = Naive.Sgd(Bias, Naive.Sum(dlogits, 0), _biasVelocity, rate, momentum, nesterov);
        }

        return new(loss / order.Length, (double)correct / order.Length);
    }
}
