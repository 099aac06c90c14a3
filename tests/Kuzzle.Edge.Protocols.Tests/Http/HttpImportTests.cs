using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class HttpImportTests : IAsyncLifetime, IDisposable
{
    private const int MaxRequestBytes = 10_000;
    private const int MaxImportBytes = 1_500_000;

    private readonly HttpClient _client = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(options => options with { MaxRequestBytes = MaxRequestBytes, MaxImportBytes = MaxImportBytes });
        _client.BaseAddress = _gateway.Http;
        using var made = await _client.PutAsync(new Uri("/plant/readings", UriKind.Relative), content: null);
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(4000)]
    public async Task An_import_of_any_size_is_stored(int documents)
    {
        var answer = await ImportAsync(Body(documents));

        answer["status"]!.GetValue<int>().ShouldBe(200);
        answer["result"]!["errors"]!.AsArray().ShouldBeEmpty();
        var successes = answer["result"]!["successes"]!.AsArray();
        successes.Select(item => (string?)item!["create"]!["_id"]).ShouldBe(Enumerable.Range(0, documents).Select(i => $"d{i}"));
        (await CountAsync()).ShouldBe(documents);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task An_import_may_come_compressed(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream packer = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Compress, leaveOpen: true) : new BrotliStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await packer.WriteAsync(Encoding.UTF8.GetBytes(Body(2000)));
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        var answer = await ImportAsync(content);

        answer["status"]!.GetValue<int>().ShouldBe(200);
        (await CountAsync()).ShouldBe(2000);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_large_one_is_given_up_at_the_bound()
    {
        using var packed = new MemoryStream();
        await using (var packer = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await packer.WriteAsync(Encoding.UTF8.GetBytes($$"""{"before":"{{new string(' ', MaxImportBytes)}}"}"""));
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        var answer = await ImportAsync(content);

        ErrorOf(answer).ShouldBe("network.http.request_too_large");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Lines_arrive_whole_however_the_network_cuts_them(int piece)
    {
        using var content = new PiecewiseContent(Encoding.UTF8.GetBytes(Body(40)), piece);
        var answer = await ImportAsync(content);

        answer["result"]!["successes"]!.AsArray().Count.ShouldBe(40);
        (await CountAsync()).ShouldBe(40);
    }

    [Fact]
    public async Task What_came_before_a_fault_stays_and_the_error_says_how_much_that_is()
    {
        var body = Body(1000);
        using var content = Chunked(body[..^2] + ",{\"nonsense\":{}}]}");
        var answer = await ImportAsync(content);

        ErrorOf(answer).ShouldBe("services.storage.unexpected_bad_request");
        answer["error"]!["message"]!.GetValue<string>().ShouldContain("The 1000 items before were imported");
        (await CountAsync()).ShouldBe(1000);
    }

    [Theory]
    [InlineData("", "network.http.body_parse_failed")]
    [InlineData("[]", "network.http.body_parse_failed")]
    [InlineData("{", "network.http.body_parse_failed")]
    [InlineData("{}", "api.assert.missing_argument")]
    [InlineData("{}{}", "network.http.body_parse_failed")]
    [InlineData("""{"other":[1,{"a":2}]}""", "api.assert.missing_argument")]
    [InlineData("""{"bulkData":{}}""", "api.assert.invalid_type")]
    [InlineData("""{"bulkData":[]""", "network.http.body_parse_failed")]
    [InlineData("""{"bulkData":[],"bulkData":[]}""", "network.http.body_parse_failed")]
    [InlineData("""{"bulkData":[{"create":{}}]}""", "services.storage.unexpected_bad_request")]
    [InlineData("""{"bulkData":[5]}""", "services.storage.unexpected_bad_request")]
    [InlineData("""{"bulkData":[{"create":{}},{"a":"\ud800"}]}""", "network.http.body_parse_failed")]
    [InlineData("""{"bulkData":[{"create":{}},]}""", "network.http.body_parse_failed")]
    public async Task A_body_that_is_no_import_is_refused(string body, string id)
    {
        using var content = Chunked(body);
        var answer = await ImportAsync(content);

        ErrorOf(answer).ShouldBe(id);
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_line_longer_than_a_document_may_be_is_refused()
    {
        using var content = Chunked("{\"bulkData\":[{\"create\":{}},{\"a\":\"" + new string('x', 1_100_000) + "\"}]}");
        var answer = await ImportAsync(content);

        ErrorOf(answer).ShouldBe("network.http.request_too_large");
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_body_over_the_bound_is_refused_when_it_says_so_and_given_up_when_it_does_not()
    {
        var body = Body(4000, new string('x', 500));
        body.Length.ShouldBeGreaterThan(MaxImportBytes);

        ErrorOf(await ImportAsync(body)).ShouldBe("network.http.request_too_large");
        (await CountAsync()).ShouldBe(0);

        using var content = Chunked(body);
        var answer = await ImportAsync(content);
        ErrorOf(answer).ShouldBe("network.http.request_too_large");
        answer["error"]!["message"]!.GetValue<string>().ShouldContain("items before were imported");
        (await CountAsync()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_strict_import_with_a_conflict_fails_with_the_items_that_did()
    {
        using var first = Chunked(Body(10));
        await ImportAsync(first);
        using var again = Chunked(Body(11));
        var answer = await ImportAsync(again, "?strict");

        ErrorOf(answer).ShouldBe("api.process.incomplete_multiple_request");
        answer["error"]!["count"]!.GetValue<int>().ShouldBe(10);
        (await CountAsync()).ShouldBe(11);
    }

    [Fact]
    public async Task An_import_into_nowhere_is_refused_without_reading_it()
    {
        using var content = Chunked(Body(1000));
        using var response = await _client.PostAsync(new Uri("/plant/nowhere/_bulk", UriKind.Relative), content);

        response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    private static string Body(int documents, string text = "") =>
        "{\"bulkData\":[" + string.Join(',', Enumerable.Range(0, documents).Select(i => $$$"""{"create":{"_id":"d{{{i}}}"}},{"n":{{{i}}},"text":"{{{text}}}"}""")) + "]}";

    private static string? ErrorOf(JsonObject answer) => (string?)answer["error"]?["id"];

    private static PiecewiseContent Chunked(string body) => new PiecewiseContent(Encoding.UTF8.GetBytes(body), 50_000);

    private async Task<JsonObject> ImportAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ImportAsync(content);
    }

    private async Task<JsonObject> ImportAsync(HttpContent content, string query = "")
    {
        using var response = await _client.PostAsync(new Uri($"/plant/readings/_bulk{query}", UriKind.Relative), content);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        answer["status"]!.GetValue<int>().ShouldBe((int)response.StatusCode);
        return answer;
    }

    private async Task<int> CountAsync()
    {
        using var response = await _client.PostAsync(new Uri("/plant/readings/_count", UriKind.Relative), content: null);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["result"]!["count"]!.GetValue<int>();
    }

    /// <summary>A body that is sent in pieces, and does not say how long it is.</summary>
    private sealed class PiecewiseContent : HttpContent
    {
        private readonly byte[] _body;
        private readonly int _piece;

        public PiecewiseContent(byte[] body, int piece)
        {
            _body = body;
            _piece = piece;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < _body.Length; at += _piece)
            {
                await stream.WriteAsync(_body.AsMemory(at, Math.Min(_piece, _body.Length - at)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
