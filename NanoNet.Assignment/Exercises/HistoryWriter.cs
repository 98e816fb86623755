using System.Diagnostics;
using System.Globalization;
using System.Text;
using NanoNet.Assignment.Plots;
using NanoNet.Core.Files;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Writes the curves of a training as they grow: the table after each epoch, the picture after the first, so that
/// there is soon something to look at, and then now and then.
/// </summary>
/// <param name="session">Knows where to write.</param>
/// <param name="kind">The model.</param>
/// <param name="epochs">The epochs so far; grows.</param>
/// <param name="next">Is told first.</param>
/// <param name="redrawEvery">The least time between two pictures.</param>
internal sealed class HistoryWriter(
    Session session,
    ModelKind kind,
    IReadOnlyList<EpochResult> epochs,
    IProgress<FitProgress> next,
    TimeSpan redrawEvery)
    : IProgress<FitProgress>
{
    private Stopwatch? _sinceDrawn;

    public void Report(FitProgress value)
    {
        next.Report(value);
        if (value.Finished is null)
        {
            return;
        }

        WriteTable(session, kind, epochs);
        if (_sinceDrawn is null || _sinceDrawn.Elapsed >= redrawEvery)
        {
            Draw(session, kind, epochs);
            _sinceDrawn = Stopwatch.StartNew();
        }
    }

    /// <summary>Writes table and picture.</summary>
    public static void Write(Session session, ModelKind kind, IReadOnlyList<EpochResult> epochs)
    {
        WriteTable(session, kind, epochs);
        Draw(session, kind, epochs);
    }

    private static void WriteTable(Session session, ModelKind kind, IReadOnlyList<EpochResult> epochs)
    {
        var table = new StringBuilder("epoch,accuracy,loss,val_accuracy,val_loss\n");
        foreach (var epoch in epochs)
        {
            var (training, test) = (epoch.Training, epoch.Validation!.Value);
            table.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{training.Accuracy},{training.Loss}");
            table.Append(CultureInfo.InvariantCulture, $",{test.Accuracy},{test.Loss}\n");
        }

        AtomicFile.WriteText(session.Output.HistoryTable(kind), table.ToString());
    }

    private static void Draw(Session session, ModelKind kind, IReadOnlyList<EpochResult> epochs)
    {
        var history = new History(epochs);
        HistoryFigure.Save(
            session.Output.HistoryPicture(kind), $"Model {kind}",
            new HistoryCurves(history.Accuracy, history.Loss, history.ValAccuracy, history.ValLoss));
    }
}
