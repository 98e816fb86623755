using NanoNet.Assignment.CommandLine;
using NanoNet.Kernels;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Whether a sweep of exercise 4 can visit every step up to the answer: where that is estimated to take less than ten minutes.
/// </summary>
/// <remarks>
/// Estimated from what is known beforehand, not from a measured time: so the same command visits the same n on a busy machine and
/// on an idle one, and a run that goes on after a stop visits what it would have visited.
/// </remarks>
internal static class SweepBudget
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Whether every step can be visited.</summary>
    public static bool AllowsEveryStep(RunOptions options, ModelKind kind, DeviceKind device, int largestN)
    {
        long step = options.StepOfTransfer;
        long steps = Math.Min(LikelyCrossing(options, kind), largestN) / step;
        double images = step * steps * (steps + 1) / 2.0 * options.EpochsOfTransfer;
        return images * SecondsForImage(kind, device) < Patience.TotalSeconds;
    }

    /// <summary>The n at which 95 % is usually reached.</summary>
    public static int LikelyCrossing(RunOptions options, ModelKind kind)
    {
        // As seen with MNIST and 20 epochs; what counts is about the number of steps.
        int usual = kind == ModelKind.A ? 9000 : 2500;
        return (int)Math.Clamp(usual * 20L / options.EpochsOfTransfer, options.StepOfTransfer, int.MaxValue);
    }

    // To train on one image: two cores of a server, or a GPU of the middle class.
    private static double SecondsForImage(ModelKind kind, DeviceKind device) => (kind, device) switch
    {
        (ModelKind.A, DeviceKind.Cuda or DeviceKind.OpenCL) => 5e-6,
        (ModelKind.A, _) => 15e-6,
        (_, DeviceKind.Cuda or DeviceKind.OpenCL) => 100e-6,
        _ => 1.6e-3,
    };
}
