using NanoNet.Core.Optimizers;

namespace NanoNet.Core.Models;

/// <content>The table of layers.</content>
public sealed partial class Sequential
{
    /// <summary>A table of the layers with their output shapes and numbers of parameters, as Keras draws it.</summary>
    /// <param name="style">Which Keras.</param>
    /// <param name="columns">How many characters the terminal is wide; the classic table takes no notice.</param>
    public string Summary(SummaryStyle style = SummaryStyle.Keras3, int columns = 80)
    {
        var rows = _layers
            .Select(layer => new SummaryRow(layer.Name, layer.TypeName, layer.OutputShape, layer.ParameterCount))
            .ToList();
        return style == SummaryStyle.Classic
            ? ClassicSummary.Draw(Name, rows)
            : Keras3Summary.Draw(Name, rows, OptimizerSize(), columns);
    }

    // Like Keras, silent about an optimizer that has not begun: steps, learning rate and velocities come with the first
    // step.
    private (long Count, long Bytes) OptimizerSize()
    {
        if (Optimizer is not Sgd { Iterations: > 0 } sgd)
        {
            return default;
        }

        long velocities = sgd.Velocities.Sum(velocity => (long)velocity.Count);
        return (2 + velocities, sizeof(long) + sizeof(float) + velocities * sizeof(float));
    }
}
