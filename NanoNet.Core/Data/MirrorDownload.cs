using System.Diagnostics;
using NanoNet.Core.Files;

namespace NanoNet.Core.Data;

/// <summary>
/// Fetches gzipped files from the first mirror that serves them soundly. A mirror that fails once is not asked again,
/// so that a machine without a network waits for each mirror once, not once a file.
/// </summary>
internal sealed class MirrorDownload : IDisposable
{
    // Three times the largest file that is fetched; a mirror that sends more sends something else.
    private const int MostBytes = 32 << 20;
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<Uri> _mirrors;
    private readonly DownloadPatience _patience;
    private readonly Action<string> _report;
    private readonly List<string> _failures = [];

    public MirrorDownload(IReadOnlyList<Uri> mirrors, DownloadPatience patience, Action<string> report)
    {
        _mirrors = [.. mirrors];
        _patience = patience;
        _report = report;
    }

    /// <summary>Puts a file into a folder, as name.gz. It appears there whole and checked, or not at all.</summary>
    /// <returns>Null on success, else why every mirror failed, as a clause of a sentence.</returns>
    public string? Fetch(MirroredFile file, string folder)
    {
        while (_mirrors.Count > 0)
        {
            // Waiting here is the point: the caller cannot go on without the data.
            var failure = TryFetchAsync(_mirrors[0], file, folder).GetAwaiter().GetResult();
            if (failure == null)
            {
                return null;
            }

            _failures.Add($"{_mirrors[0].Host} {failure}");
            _report($"{_failures[^1]} ({file.Name}.gz)");
            _mirrors.RemoveAt(0);
        }

        return _failures.Count == 0
            ? "there is no mirror to ask"
            : $"the download failed ({string.Join(", ", _failures)})";
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string?> TryFetchAsync(Uri mirror, MirroredFile file, string folder)
    {
        try
        {
            using var content = await ReceiveAsync(new Uri(mirror, file.Name + ".gz")).ConfigureAwait(false);
            return UnzippedHash.Of(content) == file.Sha256
                ? Store(content, folder, file.Name + ".gz")
                : "sent something else (wrong SHA-256)";
        }
        catch (OperationCanceledException)
        {
            return "did not answer in time";
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode is { } status ? $"answered {(int)status}" : "cannot be reached";
        }
        catch (IOException)
        {
            return "broke off";
        }
    }

    private async Task<MemoryStream> ReceiveAsync(Uri address)
    {
        using var wholeFile = new CancellationTokenSource(_patience.ForFile);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(wholeFile.Token);

        // WaitAsync as well as the token: looking up a host's name cannot be cancelled on every system, only be left
        // behind.
        clock.CancelAfter(_patience.ForAnswer);
        using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, clock.Token)
            .WaitAsync(clock.Token).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        var size = answer.Content.Headers.ContentLength;
        _report($"{address}{(size is { } bytes ? $", {Megabytes(bytes)}" : "")}");

        clock.CancelAfter(_patience.ForNextBytes);
        using var body = await answer.Content.ReadAsStreamAsync(clock.Token).ConfigureAwait(false);
        var received = new MemoryStream();
        var block = new byte[1 << 16];
        var sinceReport = Stopwatch.StartNew();
        while (received.Length <= MostBytes)
        {
            clock.CancelAfter(_patience.ForNextBytes);
            var got = await body.ReadAsync(block, clock.Token).ConfigureAwait(false);
            if (got == 0)
            {
                break;
            }

            received.Write(block, 0, got);
            if (sinceReport.Elapsed < ReportInterval)
            {
                continue;
            }

            _report($"  {Megabytes(received.Length)} so far");
            sinceReport.Restart();
        }

        return received;
    }

    private static string? Store(MemoryStream content, string folder, string name)
    {
        try
        {
            AtomicFile.Write(Path.Combine(folder, name), content.WriteTo);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"answered, but {folder} cannot be written";
        }
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
