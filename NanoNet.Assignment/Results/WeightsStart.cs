namespace NanoNet.Assignment.Results;

/// <summary>Where training on digits starts from.</summary>
internal enum WeightsStart
{
    /// <summary>From the weights learnt on Fashion-MNIST: transfer learning.</summary>
    Pretrained,

    /// <summary>From random weights.</summary>
    Scratch,
}
