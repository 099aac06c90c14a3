using System.Net;
using System.Text;
using Kuzzle.Edge.Protocols.Tests.Hostile;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.Http;

/// <summary>What a hundred megabytes, in and out, take of the memory of a process that holds both the gateway and its client.</summary>
[Collection(AloneCollection.Name)]
public sealed class LargeTransferTests(ITestOutputHelper log)
{
    private const int Documents = 5000;
    private const int TextBytes = 20_000;

    /// <summary>Measured: 17 MB live; a page of an export and a commit of an import are a few each. A transfer held whole would be a hundred.</summary>
    private const long MostBytes = 40 << 20;

    [Fact]
    public async Task A_hundred_megabytes_are_imported_and_exported_in_little_memory()
    {
        await using var gateway = new StoredGateway();
        await gateway.StartAsync();
        await gateway.FurnishAsync();
        using var client = new HttpClient { BaseAddress = gateway.Http, Timeout = TimeSpan.FromMinutes(5) };
        await using var memory = new MemoryWatch();

        using var import = new HttpRequestMessage(HttpMethod.Post, "/i/c/_bulk") { Content = new Lines() };
        using var imported = await client.SendAsync(import);
        imported.StatusCode.ShouldBe(HttpStatusCode.OK);
        var afterImport = memory.Most;

        using var exported = await client.GetAsync(new Uri("/i/c/_export?format=jsonl", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var (bytes, lines) = await CountAsync(await exported.Content.ReadAsStreamAsync());

        log.WriteLine($"live memory grew by {afterImport / 1e6:0.0} MB in the import, by {memory.Most / 1e6:0.0} MB in all; {bytes / 1e6:0} MB came back");
        lines.ShouldBe(Documents + 2, "the head, the document that was there, and all that came");
        bytes.ShouldBeGreaterThan((long)Documents * TextBytes);
        memory.Most.ShouldBeLessThan(MostBytes);
    }

    private static async Task<(long Bytes, int Lines)> CountAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        var (bytes, lines) = (0L, 0);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (bytes, lines);
    }

    /// <summary>An import as it is written, never whole.</summary>
    private sealed class Lines : HttpContent
    {
        public Lines() => Headers.ContentType = new("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var text = new string('x', TextBytes);
            await stream.WriteAsync("{\"bulkData\":["u8.ToArray());
            for (var i = 0; i < Documents; i++) await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{{(i == 0 ? "" : ",")}}{"create":{"_id":"d{{i}}"} },{"n":{{i}},"text":"{{text}}"}"""));
            await stream.WriteAsync("]}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }

    /// <summary>Looks now and then at what is live.</summary>
    private sealed class MemoryWatch : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private readonly Task _watching;
        private long _most;

        public MemoryWatch() => _watching = WatchAsync();

        public long Most => Volatile.Read(ref _most);

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ended.Dispose();
        }

        private async Task WatchAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (await timer.WaitForNextTickAsync(_ended.Token)) _most = Math.Max(_most, GC.GetTotalMemory(forceFullCollection: true) - _before);
        }
    }
}
