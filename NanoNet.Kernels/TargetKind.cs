namespace NanoNet.Kernels;

/// <summary>How the targets of a classification are written.</summary>
public enum TargetKind
{
    /// <summary>One int32 class index a row.</summary>
    ClassIndices = 0,

    /// <summary>One float32 distribution over the classes a row; one-hot as a rule.</summary>
    Distributions = 1,
}
