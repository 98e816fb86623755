namespace NanoNet.Core.Data;

/// <summary>A data set in two parts, and where it came from.</summary>
/// <param name="Name">Which data set: "Fashion-MNIST", "MNIST", or "MNIST-10k" for the digits in the
/// repository.</param>
/// <param name="Train">The images to learn from.</param>
/// <param name="Test">The images to be judged by.</param>
/// <param name="Source">One line for the console: what was loaded, how much of it, and from where.</param>
public sealed record DatasetSplit(string Name, ImageDataset Train, ImageDataset Test, string Source);
