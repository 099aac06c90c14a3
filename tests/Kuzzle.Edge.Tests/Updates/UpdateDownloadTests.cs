using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Updates;

namespace Kuzzle.Edge.Tests.Updates;

/// <summary>Fetching an update over a line that breaks.</summary>
public sealed class UpdateDownloadTests : IDisposable
{
    private static readonly Uri Url = new("https://updates.example/box.raucb");

    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-update-").FullName;
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_line_that_breaks_costs_only_what_had_not_come()
    {
        using var server = new BreakingServer(_content, breakAfter: 100_000);

        var file = await FetchAsync(server);

        (await File.ReadAllBytesAsync(file)).ShouldBe(_content);
        server.Sent.ShouldBe(_content.Length);
        server.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Another_file_in_the_place_of_the_first_is_fetched_whole()
    {
        using var server = new BreakingServer(_content, breakAfter: 100_000) { ChangesAfterBreak = true };

        var file = await FetchAsync(server);

        (await File.ReadAllBytesAsync(file)).ShouldBe(server.Content);
        server.Content.ShouldNotBe(_content);
    }

    [Fact]
    public async Task What_is_there_whole_is_not_fetched_again()
    {
        using var server = new BreakingServer(_content);
        await FetchAsync(server);

        await FetchAsync(server);

        server.Sent.ShouldBe(_content.Length);
    }

    [Fact]
    public async Task What_is_not_what_was_ordered_is_refused()
    {
        using var server = new BreakingServer(_content);

        (await RefusalAsync(server, sum: new string('0', 64))).ShouldContain("SHA-256");
        Directory.GetFiles(_folder, "*.raucb").ShouldBeEmpty();
        (await RefusalAsync(server, bytes: 7)).ShouldContain("7 were ordered");
        (await File.ReadAllBytesAsync(await FetchAsync(server, Convert.ToHexString(SHA256.HashData(_content)), _content.Length))).ShouldBe(_content);
    }

    [Fact]
    public async Task More_than_the_disk_takes_is_refused_before_it_comes()
    {
        using var server = new BreakingServer(_content) { Announces = long.MaxValue / 2 };

        (await RefusalAsync(server)).ShouldContain("MB to come");

        server.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_has_no_such_file_is_asked_once()
    {
        using var server = new BreakingServer(_content) { Status = HttpStatusCode.NotFound };

        (await RefusalAsync(server)).ShouldContain("404");

        server.Requests.ShouldBe(1);
    }

    private async Task<string> FetchAsync(BreakingServer server, string? sum = null, long? bytes = null)
    {
        using var client = new HttpMessageInvoker(server, disposeHandler: false);
        return await new UpdateDownload(client, _folder, new HastyClock()).FetchAsync(new UpdateOrder(Url, sum, bytes, Restarts: false), _ => { }, CancellationToken.None);
    }

    private async Task<string> RefusalAsync(BreakingServer server, string? sum = null, long? bytes = null) =>
        (await Should.ThrowAsync<UpdateException>(() => FetchAsync(server, sum, bytes))).Message;

    /// <summary>Waits for nothing.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class BreakingServer(byte[] content, int breakAfter = int.MaxValue) : HttpMessageHandler
    {
        public byte[] Content { get; private set; } = content;

        public bool ChangesAfterBreak { get; init; }

        public long? Announces { get; init; }

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public int Requests { get; private set; }

        public long Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            if (Status != HttpStatusCode.OK) return Task.FromResult(new HttpResponseMessage(Status));

            if (ChangesAfterBreak && Requests == 2) Content = RandomNumberGenerator.GetBytes(Content.Length);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(Content))}\"");
            var from = request.Headers.IfRange?.EntityTag?.Equals(tag) == true ? request.Headers.Range!.Ranges.Single().From!.Value : 0;
            if (from == Content.Length)
            {
                var nothing = new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable) { Content = new ByteArrayContent([]) };
                nothing.Content.Headers.ContentRange = new ContentRangeHeaderValue(Content.Length);
                return Task.FromResult(nothing);
            }

            var length = Content.Length - from;
            var response = new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
            {
                Content = new StreamContent(new BreakingStream(Content.AsMemory((int)from), breakAfter, count => Sent += count)),
            };
            response.Headers.ETag = tag;
            response.Content.Headers.ContentLength = Announces ?? length;
            if (from > 0) response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, Content.Length - 1, Content.Length);
            return Task.FromResult(response);
        }
    }

    private sealed class BreakingStream(ReadOnlyMemory<byte> content, int breakAfter, Action<int> sent) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => ReadSome(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(ReadSome(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int ReadSome(Span<byte> buffer)
        {
            if (_position >= breakAfter && _position < content.Length) throw new IOException("the line is dead");

            var count = Math.Min(buffer.Length, Math.Min(content.Length, breakAfter) - _position);
            content.Span.Slice(_position, count).CopyTo(buffer);
            _position += count;
            sent(count);
            return count;
        }
    }
}
