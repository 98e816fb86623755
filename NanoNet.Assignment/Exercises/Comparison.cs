using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Exercises;

/// <summary>Models A and B in one picture, once both are trained.</summary>
internal static class Comparison
{
    public static void Draw(Session session)
    {
        if (Of(session, ModelKind.A) is { } a && Of(session, ModelKind.B) is { } b)
        {
            ComparisonFigure.Save(session.Output.ComparisonPicture, a, b);
        }
    }

    private static ComparedModel? Of(Session session, ModelKind kind)
    {
        var results = session.ResultsOf(kind);
        return results.History is { } history
            ? new(history.ValAccuracy, Curve(results, WeightsStart.Pretrained), Curve(results, WeightsStart.Scratch))
            : null;
    }

    private static TransferCurve Curve(ModelResults results, WeightsStart start) =>
        results.Transfer is { } transfer ? TransferWriter.Curve(transfer, start) : new([], null);
}
