namespace NanoNet.Kernels.Geometry;

/// <summary>How windows meet the border of an image; Keras' words.</summary>
public enum Padding
{
    /// <summary>Windows stay inside the image: out = ⌊(in − size) / stride⌋ + 1.</summary>
    Valid,

    /// <summary>The image is padded so that out = ⌈in / stride⌉; an odd pixel of padding goes below and to the right.</summary>
    Same,
}
