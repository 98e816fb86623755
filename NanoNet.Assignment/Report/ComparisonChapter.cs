using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Models A and B side by side, in words.</summary>
internal static class ComparisonChapter
{
    public static void Append(Markdown text, RunResults results)
    {
        if (results.Models is not { A: { Test: { } a } modelA, B: { Test: { } b } modelB })
        {
            return;
        }

        text.Heading(2, "Models A and B side by side");
        text.Paragraph($"""
            Model A classifies {Percent(a.Accuracy)} of the test images correctly after
            {Number(modelA.Epochs ?? 0, "epoch")}, Model B {Percent(b.Accuracy)} after
            {Number(modelB.Epochs ?? 0, "epoch")}, with {Count(modelA.Parameters ?? 0)} and
            {Count(modelB.Parameters ?? 0)} parameters, in {Time(modelA)} and {Time(modelB)} of training.
            """);
        text.Pictures(MadeBy.All(modelA, modelB), ("Test accuracy by epoch, and transfer to digits", "comparison.png"));
    }

    private static string Time(ModelResults model) => Duration(TimeSpan.FromSeconds(model.Seconds ?? 0));
}
