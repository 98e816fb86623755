namespace NanoNet.Kernels.Plans;

/// <summary>An engine with a better way to repeat the calls of a step than to be called again.</summary>
internal interface IReplaysSteps
{
    /// <summary>Prepares a step.</summary>
    /// <param name="calls">
    /// Makes its calls: always the same ones, on buffers that are theirs as long as the step is repeated.
    /// </param>
    /// <param name="clock">The clock that they read, if any does.</param>
    /// <param name="movesClock">
    /// Whether the last call, an update, moves the engine's clock on to the next step (<see
    /// cref="IFusesCalls.SgdUpdateAll"/>). Else the engine does so when all are made.
    /// </param>
    IStepReplay Prepare(Action calls, StepClock? clock, bool movesClock);
}
