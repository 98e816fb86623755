namespace NanoNet.Tests.Reference;

/// <content>Softmax and cross-entropy, by rows of [rows, columns].</content>
internal static partial class Naive
{
    public static NdArray Softmax(NdArray x) => LogSoftmax(x).Map(Math.Exp);

    /// <summary>x − max − log Σ exp(x − max).</summary>
    public static NdArray LogSoftmax(NdArray x)
    {
        var y = new NdArray(x.Shape);
        int columns = x.Shape[^1];
        for (int start = 0; start < x.Count; start += columns)
        {
            var row = x.Values.AsSpan(start, columns);
            double largest = double.NegativeInfinity;
            foreach (double value in row)
            {
                largest = Math.Max(largest, value);
            }

            double sum = 0;
            foreach (double value in row)
            {
                sum += Math.Exp(value - largest);
            }

            for (int c = 0; c < columns; c++)
            {
                y[start + c] = row[c] - largest - Math.Log(sum);
            }
        }

        return y;
    }

    /// <summary>dx_c = Σ_k dy_k · ∂y_k/∂x_c with ∂y_k/∂x_c = y_k · ([k = c] − y_c).</summary>
    public static NdArray SoftmaxGradient(NdArray dy, NdArray y)
    {
        var (rows, columns) = (y.Shape[0], y.Shape[1]);
        var dx = new NdArray(rows, columns);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                for (int k = 0; k < columns; k++)
                {
                    dx[r, c] += dy[r, k] * y[r, k] * ((k == c ? 1 : 0) - y[r, c]);
                }
            }
        }

        return dx;
    }

    /// <summary>−Σ_c t_c · log softmax(logits)_c of each row.</summary>
    public static NdArray SoftmaxCrossEntropy(NdArray logits, NdArray targets) =>
        Sum(Binary(LogSoftmax(logits), targets, (log, target) => target == 0 ? 0 : -target * log), 1);

    /// <summary>The gradient of the mean of the losses, times an upstream number.</summary>
    public static NdArray SoftmaxCrossEntropyGradient(NdArray logits, NdArray targets, double upstream)
    {
        var (rows, columns) = (logits.Shape[0], logits.Shape[1]);
        var probabilities = Softmax(logits);
        var mass = Sum(targets, 1);
        var gradient = new NdArray(rows, columns);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                gradient[r, c] = upstream / rows * ((probabilities[r, c] * mass[r]) - targets[r, c]);
            }
        }

        return gradient;
    }

    public static NdArray OneHot(int[] labels, int classes)
    {
        var targets = new NdArray(labels.Length, classes);
        for (int r = 0; r < labels.Length; r++)
        {
            targets[r, labels[r]] = 1;
        }

        return targets;
    }

    /// <summary>How many rows have their first largest score where the target has its first largest value.</summary>
    public static int CountCorrect(NdArray scores, NdArray targets)
    {
        var (rows, columns) = (scores.Shape[0], scores.Shape[1]);
        return ArgMax(scores, rows, columns, 1).Zip(ArgMax(targets, rows, columns, 1)).Count(pair => pair.First == pair.Second);
    }
}
