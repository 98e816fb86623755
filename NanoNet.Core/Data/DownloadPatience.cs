namespace NanoNet.Core.Data;

/// <summary>How long a download waits before it gives a mirror up.</summary>
internal sealed record DownloadPatience
{
    /// <summary>
    /// For the first sign of an answer. Short, for a machine without a network pays it once for each mirror.
    /// </summary>
    public TimeSpan ForAnswer { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the next bytes, once they have begun to come.</summary>
    public TimeSpan ForNextBytes { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For one whole file.</summary>
    public TimeSpan ForFile { get; init; } = TimeSpan.FromMinutes(2);
}
