namespace NanoNet.Assignment.Results;

/// <summary>How a model was trained.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Images">How many training images were used, of <paramref name="OfImages"/>.</param>
/// <param name="OfImages">How many there are.</param>
/// <param name="TestImages">How many test images there are.</param>
/// <param name="Batch">Images of a step.</param>
/// <param name="LearningRate">The step size of SGD.</param>
/// <param name="Seed">The seed of weights, orders and dropout.</param>
/// <param name="Device">Where it was trained.</param>
/// <param name="Weights">A fingerprint of the weights that came out.</param>
internal sealed record TrainingSettings(
    string Data,
    int Images,
    int OfImages,
    int TestImages,
    int Batch,
    float LearningRate,
    ulong Seed,
    string Device,
    string Weights);
