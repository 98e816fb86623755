using System.Diagnostics;
using System.Globalization;
using System.Text;
using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Exercises;

/// <summary>Writes exercise 4 as it grows: results and table after each point, the picture now and then.</summary>
internal sealed class TransferWriter(Session session, ModelKind kind, string weights, TransferResult result)
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();

    /// <summary>What is known so far.</summary>
    public TransferResult Result { get; private set; } = result;

    /// <summary>A point of a sweep that goes on: it has no answer yet.</summary>
    public void Add(WeightsStart start, int n, double accuracy)
    {
        AccuracyPoint[] points = [.. Result.Points(start), new(n, accuracy)];
        Result = Result.With(start, [.. points.OrderBy(point => point.N)], null, SweepKind.Unfinished);
        Write();
        if (_sinceDrawn.Elapsed >= RedrawEvery)
        {
            Draw();
            _sinceDrawn.Restart();
        }
    }

    /// <summary>The end of a sweep, with its answer.</summary>
    public void Finish(WeightsStart start, SweepKind sweep)
    {
        var points = Result.Points(start);
        int? n95 = Sweep.FindN95(points.ToDictionary(point => point.N, point => point.Accuracy), Result.Step);
        Result = Result.With(start, points, n95, sweep);
        Write();
    }

    /// <summary>Draws both curves.</summary>
    public void Draw()
    {
        string epochs = Words.Number(Result.Epochs, "epoch");
        TransferFigure.Save(
            session.Output.TransferPicture(kind), $"Model {kind}",
            Curve(WeightsStart.Pretrained), Curve(WeightsStart.Scratch),
            $"{Result.Data}, {epochs} for each n; accuracy on all {Words.Count(Result.TestImages)} test digits.");
    }

    private void Write()
    {
        session.Update(kind, results => results with
        {
            Transfer = Result,
            WeightsUsed = results.WeightsUsed with { Transfer = weights },
        });
        AtomicFile.WriteText(session.Output.TransferTable(kind), Table());
    }

    private string Table()
    {
        var pretrained = Result.Pretrained.ToDictionary(point => point.N, point => point.Accuracy);
        var scratch = Result.Scratch.ToDictionary(point => point.N, point => point.Accuracy);
        var table = new StringBuilder("n,pretrained,scratch\n");
        foreach (int n in pretrained.Keys.Union(scratch.Keys).Order())
        {
            table.Append(CultureInfo.InvariantCulture, $"{n},{Cell(pretrained, n)},{Cell(scratch, n)}\n");
        }

        return table.ToString();
    }

    // An empty cell where this n was visited by the other sweep only.
    private static string Cell(Dictionary<int, double> points, int n) =>
        points.TryGetValue(n, out double accuracy) ? accuracy.ToString(CultureInfo.InvariantCulture) : "";

    private TransferCurve Curve(WeightsStart start) =>
        new([.. Result.Points(start).Select(point => new TransferPoint(point.N, point.Accuracy))], Result.N95(start));
}
