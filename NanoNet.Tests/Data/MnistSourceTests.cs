using System.Diagnostics;
using NanoNet.Core.Data;
using NanoNet.Core.Errors;
using Xunit;

namespace NanoNet.Tests.Data;

/// <summary>Where MNIST is looked for, with a mirror on this machine; nothing here touches the network.</summary>
public sealed class MnistSourceTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> SmallMnist = new()
    {
        ["train-images-idx3-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Images(30)),
        ["train-labels-idx1-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Labels(30)),
        ["t10k-images-idx3-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Images(20, seed: 1)),
        ["t10k-labels-idx1-ubyte.gz"] = IdxBytes.Gzip(IdxBytes.Labels(20)),
    };

    // A busy machine must not fail a test that is not about waiting.
    private static readonly DownloadPatience Patient = new()
    {
        ForAnswer = TimeSpan.FromMinutes(1),
        ForNextBytes = TimeSpan.FromMinutes(1),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reports = [];

    private string CacheFolder => _folder.File("cache/mnist");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_given_folder_comes_first_and_the_environment_second()
    {
        using var mirror = MirrorServer.Of(SmallMnist);
        WriteSmallMnist("asked/mnist");
        WriteSmallMnist("environment/mnist");

        string folder = _folder.File("environment");
        var asked = Source(mirror.Address, asked: _folder.File("asked"), environment: folder).Load();
        var environment = Source(mirror.Address, environment: _folder.File("environment")).Load();

        Assert.Contains(_folder.File("asked"), asked.Source, StringComparison.Ordinal);
        Assert.Contains(_folder.File("environment"), environment.Source, StringComparison.Ordinal);
        Assert.Equal((30, 20), (asked.Train.Count, asked.Test.Count));
        Assert.Equal(0, mirror.Requests);
    }

    [Fact]
    public void A_given_folder_that_is_missing_or_incomplete_is_an_error_not_a_fall_through()
    {
        using var mirror = MirrorServer.Of(SmallMnist);
        var data = _folder.File("data");
        AssertNotFound("does not exist");

        Directory.CreateDirectory(data);
        AssertNotFound("has no folder mnist");

        WriteSmallMnist("data/mnist");
        File.Delete(Path.Combine(data, "mnist", "t10k-labels-idx1-ubyte.gz"));
        AssertNotFound("lacks t10k-labels-idx1-ubyte;");

        _folder.Write("data/mnist/t10k-labels-idx1-ubyte", IdxBytes.Labels(20));
        Assert.Equal(20, Source(mirror.Address, asked: data).Load().Test.Count);

        _folder.Write("data/mnist/t10k-images-idx3-ubyte.gz", IdxBytes.Images(20, 27, 28));
        var size = Assert.Throws<DataFormatException>(() => Source(mirror.Address, asked: data).Load());
        Assert.Contains("images of 28 x 28, but found 27 x 28", size.Message, StringComparison.Ordinal);

        void AssertNotFound(string part)
        {
            var error = Assert.Throws<DataNotFoundException>(() => Source(mirror.Address, asked: data).Load());
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
            error = Assert.Throws<DataNotFoundException>(() => Source(mirror.Address, environment: data).Load());
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_download_fills_the_cache_and_the_next_load_needs_no_mirror()
    {
        using var mirror = MirrorServer.Of(SmallMnist);

        var first = Source(mirror.Address).Load();
        var second = Source(MirrorServer.Nobody()).Load();

        Assert.Equal(4, mirror.Requests);
        Assert.StartsWith("MNIST: 30 training and 20 test digits downloaded", first.Source, StringComparison.Ordinal);
        Assert.Contains("from the cache", second.Source, StringComparison.Ordinal);
        Assert.Equal(first.Test.Images.ToArray(), second.Test.Images.ToArray());
        Assert.Equal(SmallMnist.Keys.Order(), Directory.GetFiles(CacheFolder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Only_what_is_missing_or_damaged_in_the_cache_is_fetched()
    {
        using var mirror = MirrorServer.Of(SmallMnist);
        WriteSmallMnist("cache/mnist");
        File.Delete(Path.Combine(CacheFolder, "train-labels-idx1-ubyte.gz"));
        _folder.Write("cache/mnist/t10k-images-idx3-ubyte.gz", SmallMnist["t10k-images-idx3-ubyte.gz"][..^20]);

        var split = Source(mirror.Address).Load();

        Assert.Equal(2, mirror.Requests);
        Assert.Equal((30, 20), (split.Train.Count, split.Test.Count));
    }

    [Fact]
    public void A_mirror_that_serves_other_bytes_is_passed_over_for_the_next()
    {
        var others = SmallMnist.ToDictionary(file => file.Key, _ => IdxBytes.Gzip(IdxBytes.Labels(5)));
        using var wrong = MirrorServer.Of(others);
        using var right = MirrorServer.Of(SmallMnist);

        var split = Source([wrong.Address, right.Address]).Load();

        Assert.Equal((1, 4), (wrong.Requests, right.Requests));
        Assert.Equal("MNIST", split.Name);
        Assert.Contains(_reports, line => line.Contains("wrong SHA-256", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_files_lead_to_the_embedded_digits()
    {
        using var mirror = MirrorServer.Of(new Dictionary<string, byte[]>());
        AssertEmbedded(Source(mirror.Address).Load(), "127.0.0.1 answered 404");
        Assert.Equal(1, mirror.Requests);
    }

    [Fact]
    public void A_body_that_breaks_off_leads_to_the_embedded_digits_and_leaves_nothing_behind()
    {
        using var mirror = new MirrorServer(context =>
        {
            context.Response.ContentLength64 = 100_000;
            context.Response.OutputStream.Write(new byte[1000]);
            context.Response.OutputStream.Flush();
            context.Response.Abort();
        });
        AssertEmbedded(Source(mirror.Address).Load(), "broke off");
    }

    [Fact]
    public void A_mirror_that_never_answers_costs_one_short_wait_in_all()
    {
        using var mirror = new MirrorServer(_ => { });
        var clock = Stopwatch.StartNew();
        var impatient = Patient with { ForAnswer = TimeSpan.FromSeconds(0.3) };
        AssertEmbedded(Source(mirror.Address, patience: impatient).Load(), "did not answer in time");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.2, 10);
        Assert.Equal(1, mirror.Requests);
    }

    [Fact]
    public void A_body_that_stops_coming_is_given_up()
    {
        using var mirror = new MirrorServer(context =>
        {
            context.Response.ContentLength64 = 100_000;
            context.Response.OutputStream.Write(new byte[1000]);
            context.Response.OutputStream.Flush();
        });
        var impatient = Patient with { ForNextBytes = TimeSpan.FromSeconds(0.3) };
        AssertEmbedded(Source(mirror.Address, patience: impatient).Load(), "did not answer in time");
    }

    [Fact]
    public void Nobody_listening_leads_to_the_embedded_digits() =>
        AssertEmbedded(Source(MirrorServer.Nobody()).Load(), "127.0.0.1 cannot be reached");

    [Fact]
    public void A_cache_that_cannot_be_written_leads_to_the_embedded_digits()
    {
        using var mirror = MirrorServer.Of(SmallMnist);
        _folder.Write("cache", [1]);
        AssertEmbedded(Source(mirror.Address).Load(), "cannot be written");
    }

    [Fact]
    public void Offline_asks_nobody()
    {
        using var mirror = MirrorServer.Of(SmallMnist);
        AssertEmbedded(Source([mirror.Address], offline: true).Load(), "downloads are switched off");
        Assert.Equal(0, mirror.Requests);
        Assert.Empty(_reports);
    }

    private void AssertEmbedded(DatasetSplit split, string reason)
    {
        Assert.Equal(("MNIST-10k", 8000, 2000), (split.Name, split.Train.Count, split.Test.Count));
        Assert.Contains(reason, split.Source, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', split.Source);
        Assert.True(!Directory.Exists(CacheFolder) || Directory.GetFiles(CacheFolder).Length == 0);
    }

    private void WriteSmallMnist(string where)
    {
        foreach (var (name, content) in SmallMnist)
        {
            _folder.Write(Path.Combine(where, name), content);
        }
    }

    private MnistSource Source(
        Uri mirror, string? asked = null, string? environment = null, DownloadPatience? patience = null) =>
        Source([mirror], asked, environment, patience);

    private MnistSource Source(
        IReadOnlyList<Uri> mirrors,
        string? asked = null,
        string? environment = null,
        DownloadPatience? patience = null,
        bool offline = false) => new()
    {
        DataDirectory = asked,
        EnvironmentDirectory = environment,
        CacheDirectory = _folder.File("cache"),
        Mirrors = mirrors,
        Files = [.. SmallMnist.Select(Mirrored)],
        Patience = patience ?? Patient,
        Offline = offline,
        Report = _reports.Add,
    };

    private static MirroredFile Mirrored(KeyValuePair<string, byte[]> file) =>
        new(Path.GetFileNameWithoutExtension(file.Key), UnzippedHash.Of(new MemoryStream(file.Value))!);
}
