namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>What Oclgrind reported so far, in the file that the environment variable OCLGRIND_LOG names.</summary>
internal static class OclgrindLog
{
    private static readonly string? s_path = Environment.GetEnvironmentVariable("OCLGRIND_LOG");

    /// <summary>Characters written so far; 0 where there is no log.</summary>
    public static long Length => s_path is not null && File.Exists(s_path) ? new FileInfo(s_path).Length : 0;

    /// <summary>Whether reports can be read at all.</summary>
    public static bool IsKept => s_path is not null;

    /// <summary>What was written since the log was so long.</summary>
    public static string Since(long length)
    {
        if (Length <= length)
        {
            return "";
        }

        using var stream = new FileStream(s_path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = length;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
