using System.Text.Json.Serialization;

namespace NanoNet.Assignment.Results;

/// <summary>Exercise 4 with one model: the accuracy on the test digits by the number of training digits.</summary>
internal sealed record TransferResult
{
    /// <summary>The data set of digits.</summary>
    public required string Data { get; init; }

    /// <summary>Epochs of each training.</summary>
    public required int Epochs { get; init; }

    /// <summary>Starting from the weights learnt on Fashion-MNIST, by rising n.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<AccuracyPoint[], AccuracyPoint>))]
    public AccuracyPoint[] Pretrained { get; init; } = [];

    /// <summary>Starting from random weights, by rising n.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<AccuracyPoint[], AccuracyPoint>))]
    public AccuracyPoint[] Scratch { get; init; } = [];

    /// <summary>The smallest n from which three consecutive steps reach 95 %, or null.</summary>
    [JsonPropertyName("n95_pretrained")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? N95Pretrained { get; init; }

    /// <summary>The smallest n from which three consecutive steps reach 95 %, or null.</summary>
    [JsonPropertyName("n95_scratch")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? N95Scratch { get; init; }

    /// <summary>How the n of <see cref="Pretrained"/> were chosen.</summary>
    public SweepKind SweepPretrained { get; init; }

    /// <summary>How the n of <see cref="Scratch"/> were chosen.</summary>
    public SweepKind SweepScratch { get; init; }

    /// <summary>The distance of neighbouring n.</summary>
    public required int Step { get; init; }

    /// <summary>The largest n that could have been visited.</summary>
    public required int LargestN { get; init; }

    /// <summary>How many training digits there are.</summary>
    public required int Pool { get; init; }

    /// <summary>How many test digits there are.</summary>
    public required int TestImages { get; init; }

    public required int Batch { get; init; }

    public required float LearningRate { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    /// <summary>Some n again, with other draws; the curve's own draw is among them.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<DrawPoint[], DrawPoint>))]
    public DrawPoint[] Draws { get; init; } = [];

    /// <summary>How much the crossing of 95 % differs between draws.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<DrawSpread[], DrawSpread>))]
    public DrawSpread[] Spread { get; init; } = [];

    /// <summary>A few n again, trained until converged.</summary>
    [JsonConverter(typeof(OneLineItemsConverter<ConvergedPoint[], ConvergedPoint>))]
    public ConvergedPoint[] Converged { get; init; } = [];

    /// <summary>How many draws there are.</summary>
    [JsonIgnore]
    public int DrawCount => Draws.Select(point => point.Draw).DefaultIfEmpty(1).Max();

    /// <summary>The points of one start.</summary>
    public AccuracyPoint[] Points(WeightsStart start) => start == WeightsStart.Pretrained ? Pretrained : Scratch;

    /// <summary>The answer of one start.</summary>
    public int? N95(WeightsStart start) => start == WeightsStart.Pretrained ? N95Pretrained : N95Scratch;

    /// <summary>How the points of one start were chosen.</summary>
    public SweepKind Sweep(WeightsStart start) => start == WeightsStart.Pretrained ? SweepPretrained : SweepScratch;

    /// <summary>This result with one start's part replaced.</summary>
    public TransferResult With(WeightsStart start, AccuracyPoint[] points, int? n95, SweepKind sweep) =>
        start == WeightsStart.Pretrained
            ? this with { Pretrained = points, N95Pretrained = n95, SweepPretrained = sweep }
            : this with { Scratch = points, N95Scratch = n95, SweepScratch = sweep };
}
