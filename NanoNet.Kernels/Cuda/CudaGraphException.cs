namespace NanoNet.Kernels.Cuda;

/// <summary>The driver refused to record or to repeat what a stream was asked to do.</summary>
internal sealed class CudaGraphException(string function, int status)
    : Exception($"{function} gave error {status}{Meaning(status)}")
{
    // Those that recording can end in (cuda.h, CUresult).
    private static string Meaning(int status) => status switch
    {
        0 => " and no graph",
        2 => " (out of memory)",
        801 => " (not supported)",
        900 => " (a call that cannot be recorded)",
        901 => " (the recording was broken off by an earlier error)",
        902 => " (recordings would have been merged)",
        903 => " (nothing is being recorded)",
        904 => " (a stream was not joined again)",
        905 => " (it depends on work outside of the recording)",
        906 => " (the default stream would have to wait for the recording)",
        908 => " (recorded on another thread)",
        _ => "",
    };
}
