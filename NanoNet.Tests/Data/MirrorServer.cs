using System.Net;
using System.Net.Sockets;

namespace NanoNet.Tests.Data;

/// <summary>A web server on this machine that answers as a test tells it to.</summary>
internal sealed class MirrorServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Action<HttpListenerContext> _answer;
    private int _requests;

    public MirrorServer(Action<HttpListenerContext> answer)
    {
        _answer = answer;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/mirror/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public int Requests => _requests;

    /// <summary>Serves gzipped files by name, and 404 for others.</summary>
    public static MirrorServer Of(IReadOnlyDictionary<string, byte[]> files) => new(context =>
    {
        if (files.TryGetValue(Path.GetFileName(context.Request.Url!.LocalPath), out var content))
        {
            context.Response.Close(content, willBlock: true);
        }
        else
        {
            Answer(context, 404);
        }

    });

    public static void Answer(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Close();
    }

    /// <summary>An address on this machine where nobody listens.</summary>
    public static Uri Nobody() => new($"http://127.0.0.1:{FreePort()}/mirror/");

    public void Dispose() => _listener.Abort();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _requests);
                _answer(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
