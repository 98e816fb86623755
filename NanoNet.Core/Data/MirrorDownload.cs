using System.Diagnostics;

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

    private readonly HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<Uri> mirrors;
    private readonly DownloadPatience patience;
    private readonly Action<string> report;
    private readonly List<string> failures = [];

    public MirrorDownload(IReadOnlyList<Uri> mirrors, DownloadPatience patience, Action<string> report)
    {
        this.mirrors = [.. mirrors];
        this.patience = patience;
        this.report = report;
    }

    /// <summary>Puts a file into a folder, as name.gz. It appears there whole and checked, or not at all.</summary>
    /// <returns>Null on success, else why every mirror failed, as a clause of a sentence.</returns>
    public string? Fetch(MirroredFile file, string folder)
    {
        while (mirrors.Count > 0)
        {
            // Waiting here is the point: the caller cannot go on without the data.
            var failure = TryFetchAsync(mirrors[0], file, folder).GetAwaiter().GetResult();
            if (failure == null)
                return null;
            failures.Add($"{mirrors[0].Host} {failure}");
            report($"{failures[^1]} ({file.Name}.gz)");
            mirrors.RemoveAt(0);
        }

        return failures.Count == 0
            ? "there is no mirror to ask"
            : $"the download failed ({string.Join(", ", failures)})";
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

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
        using var wholeFile = new CancellationTokenSource(patience.ForFile);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(wholeFile.Token);

        // WaitAsync as well as the token: looking up a host's name cannot be cancelled on every system, only be left
        // behind.
        clock.CancelAfter(patience.ForAnswer);
        using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, clock.Token)
            .WaitAsync(clock.Token).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        var size = answer.Content.Headers.ContentLength;
        report($"{address}{(size is { } bytes ? $", {Megabytes(bytes)}" : "")}");

        clock.CancelAfter(patience.ForNextBytes);
        using var body = await answer.Content.ReadAsStreamAsync(clock.Token).ConfigureAwait(false);
        var received = new MemoryStream();
        var block = new byte[1 << 16];
        var sinceReport = Stopwatch.StartNew();
        while (received.Length <= MostBytes)
        {
            clock.CancelAfter(patience.ForNextBytes);
            var got = await body.ReadAsync(block, clock.Token).ConfigureAwait(false);
            if (got == 0)
                break;
            received.Write(block, 0, got);
            if (sinceReport.Elapsed < ReportInterval)
                continue;
            report($"  {Megabytes(received.Length)} so far");
            sinceReport.Restart();
        }

        return received;
    }

    // Written beside its place and renamed: a program that is stopped half-way leaves no half file under the right
    // name.
    private static string? Store(MemoryStream content, string folder, string name)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.partial");
            try
            {
                File.WriteAllBytes(temporary, content.ToArray());
                File.Move(temporary, Path.Combine(folder, name), overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"answered, but {folder} cannot be written";
        }
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
