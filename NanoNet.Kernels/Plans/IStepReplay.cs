namespace NanoNet.Kernels.Plans;

/// <summary>A list of calls that an engine repeats in a way of its own.</summary>
internal interface IStepReplay : IDisposable
{
    /// <summary>Does all of them.</summary>
    void Run();
}
