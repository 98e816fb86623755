using System.Diagnostics;
using System.Globalization;
using System.Text;
using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Results;
using NanoNet.Core.Files;

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

    /// <summary>A point of one of several draws.</summary>
    public void Add(DrawPoint point)
    {
        Result = Result with { Draws = [.. Result.Draws, point] };
        Write();
    }

    /// <summary>A point that was trained until converged.</summary>
    public void Add(ConvergedPoint point)
    {
        Result = Result with { Converged = [.. Result.Converged, point] };
        Write();
    }

    /// <summary>The end of a start's draws.</summary>
    public void Finish(WeightsStart start, DrawSpread? spread)
    {
        if (spread is not null)
        {
            Result = Result with { Spread = [.. Result.Spread.Where(other => other.Start != start), spread] };
        }

        Write();
        Draw();
    }

    /// <summary>Draws both curves.</summary>
    public void Draw()
    {
        string epochs = Words.Number(Result.Epochs, "epoch");
        TransferFigure.Save(
            session.Output.TransferPicture(kind), $"Model {kind}",
            Curve(Result, WeightsStart.Pretrained), Curve(Result, WeightsStart.Scratch),
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

    /// <summary>One start's curve as it is drawn: with the spread of several draws where there are any.</summary>
    public static TransferCurve Curve(TransferResult result, WeightsStart start)
    {
        var draws = result.Draws.Where(point => point.Start == start)
            .ToLookup(point => point.N, point => point.Accuracy);
        TransferPoint Point(AccuracyPoint point) => draws[point.N].Skip(1).Any()
            ? new(point.N, point.Accuracy, draws[point.N].Min(), draws[point.N].Max())
            : new(point.N, point.Accuracy);

        // The first draw's points around the crossing are as good as the sweep's.
        var more = result.Draws
            .Where(point => point.Start == start && point.Draw == TransferTrial.FirstDraw)
            .Select(point => new AccuracyPoint(point.N, point.Accuracy));
        return new([.. result.Points(start).Concat(more).DistinctBy(point => point.N).Select(Point)], result.N95(start))
        {
            Converged =
            [
                .. result.Converged.Where(point => point.Start == start)
                    .Select(point => new TransferPoint(point.N, point.Accuracy)),
            ],
        };
    }
}
