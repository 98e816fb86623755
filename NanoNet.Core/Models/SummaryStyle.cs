namespace NanoNet.Core.Models;

/// <summary>Which table <see cref="Sequential.Summary"/> draws.</summary>
public enum SummaryStyle
{
    /// <summary>The box of Keras 3.</summary>
    Keras3,

    /// <summary>The underlined columns of Keras 2.6 and earlier.</summary>
    Classic,
}
