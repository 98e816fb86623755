using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using Xunit;

namespace NanoNet.Tests.Models;

public sealed class SummaryTests
{
    private static readonly SummaryRow[] ModelA =
    [
        new("flatten_4", "Flatten", new Shape(784), 0),
        new("dense_14", "Dense", new Shape(256), 200_960),
        new("dropout_8", "Dropout", new Shape(256), 0),
        new("dense_15", "Dense", new Shape(128), 32_896),
        new("dense_16", "Dense", new Shape(64), 8_256),
        new("dropout_9", "Dropout", new Shape(64), 0),
        new("dense_17", "Dense", new Shape(10), 650),
    ];

    private static readonly SummaryRow[] ModelB =
    [
        new("conv2d_10", "Conv2D", new Shape(28, 28, 64), 3_200),
        new("max_pooling2d_6", "MaxPooling2D", new Shape(14, 14, 64), 0),
        new("conv2d_11", "Conv2D", new Shape(14, 14, 128), 73_856),
        new("conv2d_12", "Conv2D", new Shape(14, 14, 128), 147_584),
        new("max_pooling2d_7", "MaxPooling2D", new Shape(7, 7, 128), 0),
        new("conv2d_13", "Conv2D", new Shape(7, 7, 256), 295_168),
        new("conv2d_14", "Conv2D", new Shape(7, 7, 256), 590_080),
        new("max_pooling2d_8", "MaxPooling2D", new Shape(3, 3, 256), 0),
        new("flatten_5", "Flatten", new Shape(2304), 0),
        new("dense_18", "Dense", new Shape(128), 295_040),
        new("dropout_10", "Dropout", new Shape(128), 0),
        new("dense_19", "Dense", new Shape(64), 8_256),
        new("dropout_11", "Dropout", new Shape(64), 0),
        new("dense_20", "Dense", new Shape(10), 650),
    ];

    [Fact]
    public void The_classic_table_is_the_assignments_to_the_letter()
    {
        string drawn = ClassicSummary.Draw("Model A", ModelA) + "\n" + ClassicSummary.Draw("Model B", ModelB);
        Assert.Equal(TestFiles.Read("classic-summary.txt"), drawn);
    }

    [Fact]
    public void The_box_is_that_of_Keras_3()
    {
        SummaryRow[] rows =
        [
            new("conv2d", "Conv2D", new Shape(28, 28, 64), 3_200),
            new("max_pooling2d", "MaxPooling2D", new Shape(14, 14, 64), 0),
        ];
        const string expected = """
            Model: "Model B"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
            ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
            │ conv2d (Conv2D)                 │ (None, 28, 28, 64)     │         3,200 │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ max_pooling2d (MaxPooling2D)    │ (None, 14, 14, 64)     │             0 │
            └─────────────────────────────────┴────────────────────────┴───────────────┘
             Total params: 3,200 (12.50 KB)
             Trainable params: 3,200 (12.50 KB)
             Non-trainable params: 0 (0.00 B)

            """;
        Assert.Equal(expected, Keras3Summary.Draw("Model B", rows));
    }

    [Theory]
    [InlineData(false, " Total params: 242,762 (948.29 KB)", " Trainable params: 242,762 (948.29 KB)")]
    [InlineData(true, " Total params: 242,764 (948.30 KB)", " Optimizer params: 2 (12.00 B)")]
    public void Totals_count_the_optimizer_once_it_has_begun(bool hasBegun, params string[] lines)
    {
        string drawn = Keras3Summary.Draw("Model A", ModelA, hasBegun ? (2, 12) : default);
        Assert.All(lines, line => Assert.Contains($"{line}\n", drawn, StringComparison.Ordinal));
        Assert.Equal(hasBegun, drawn.Contains("Optimizer", StringComparison.Ordinal));
    }

    [Fact]
    public void Megabytes_have_two_decimals()
    {
        string drawn = Keras3Summary.Draw("B", ModelB);
        Assert.Contains(" Total params: 1,413,834 (5.39 MB)\n", drawn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(92)]
    [InlineData(200)]
    public void Every_line_of_the_box_is_as_wide_as_the_terminal_allows(int columns)
    {
        var lines = Keras3Summary.Draw("B", ModelB, columns: columns).Split('\n');
        var box = lines.Where(line => line.Length > 0 && "┏┃┡│├└".Contains(line[0], StringComparison.Ordinal));
        Assert.All(box, line => Assert.Equal(Math.Clamp(columns - 4, 46, 88), line.Length));
    }

    [Fact]
    public void A_long_cell_wraps()
    {
        string drawn = Keras3Summary.Draw("B", [ModelB[1]], columns: 60);
        Assert.Contains("│ max_pooling2d_6        │ (None, 14, 14,  │", drawn, StringComparison.Ordinal);
        Assert.Contains("│ (MaxPooling2D)         │ 64)             │", drawn, StringComparison.Ordinal);
    }
}
