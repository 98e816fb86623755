namespace NanoNet.Assignment.Results;

/// <summary>The accuracy after training on n images went on until it had converged.</summary>
/// <param name="Start">Where it started from.</param>
/// <param name="N">How many digits.</param>
/// <param name="Accuracy">The accuracy on the whole test set.</param>
/// <param name="Epochs">How many epochs that took.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Loss">The mean loss on the n digits themselves at the end, without dropout.</param>
/// <param name="Reached">Whether that loss is low enough; else the steps had run out.</param>
internal sealed record ConvergedPoint(
    WeightsStart Start, int N, double Accuracy, int Epochs, int Steps, double Loss, bool Reached);
