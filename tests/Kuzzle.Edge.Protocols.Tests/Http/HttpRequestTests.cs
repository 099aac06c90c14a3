using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class HttpRequestTests : IAsyncLifetime, IDisposable
{
    private const int MaxRequestBytes = 10_000;
    private const string Now = """{"controller":"server","action":"now"}""";

    private readonly HttpClient _client = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(options => options with { MaxRequestBytes = MaxRequestBytes });
        _client.BaseAddress = _gateway.Http;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_posted_request_is_answered()
    {
        var (response, answer) = await QueryAsync("""{"controller":"server","action":"now","requestId":"r1"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        ((string?)answer["requestId"]).ShouldBe("r1");
        answer["result"]!["now"]!.GetValue<long>().ShouldBeGreaterThan(0);
        answer.ContainsKey("room").ShouldBeFalse("only WebSocket answers have a room");
    }

    [Fact]
    public async Task The_status_of_the_answer_is_that_of_the_response()
    {
        var (response, answer) = await QueryAsync("""{"controller":"nobody","action":"now"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        ErrorOf(answer).ShouldBe("api.process.controller_not_found");
    }

    [Fact]
    public async Task A_request_without_an_id_gets_that_of_the_header()
    {
        using var request = Post(Now);
        request.Headers.Add("X-Kuzzle-Request-Id", "from-the-header");

        var (response, answer) = await SendAsync(request);

        ((string?)answer["requestId"]).ShouldBe("from-the-header");
        response.Headers.GetValues("X-Kuzzle-Request-Id").ShouldBe(["from-the-header"]);
        response.Headers.GetValues("X-Kuzzle-Node").ShouldBe(["test-node"]);
    }

    [Fact]
    public async Task A_token_of_the_authorization_header_is_the_requests_token()
    {
        using var request = Post(Now);
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", "no-such-token");

        var (response, answer) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        ErrorOf(answer).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task The_root_tells_about_the_server()
    {
        var (response, answer) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((string?)answer["controller"]).ShouldBe("server");
        ((string?)answer["action"]).ShouldBe("info");
        answer["result"]!["serverInfo"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/_healthcheck")]
    [InlineData("/_ready")]
    public async Task Watchdogs_get_a_plain_200(string path)
    {
        var (response, answer) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((int?)answer["status"]).ShouldBe(200);
        answer["error"].ShouldBeNull();
    }

    [Theory]
    [InlineData("GET", "/nowhere?x=1", 404, "network.http.url_not_found")]
    [InlineData("GET", "/_query", 404, "network.http.url_not_found")]
    [InlineData("PUT", "/_query", 404, "network.http.url_not_found")]
    [InlineData("PROPFIND", "/_query", 400, "network.http.unsupported_verb")]
    public async Task What_is_no_route_is_refused_by_name(string method, string path, int status, string id)
    {
        var (response, answer) = await SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        ((int)response.StatusCode).ShouldBe(status);
        ErrorOf(answer).ShouldBe(id);
        ((int?)answer["status"]).ShouldBe(status);
    }

    [Fact]
    public async Task The_url_that_was_not_found_is_in_the_error()
    {
        var (_, answer) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/nowhere?x=1"));

        answer["error"]!["props"]!.AsArray().Select(prop => (string?)prop).ShouldBe(["/nowhere?x=1"]);
        answer["error"]!["code"]!.GetValue<int>().ShouldBe(50397191);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("""{"controller":5}""")]
    [InlineData("\uFEFF{}")]
    public async Task A_body_that_is_no_request_is_refused(string body)
    {
        var (response, answer) = await QueryAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ErrorOf(answer).ShouldBe("network.http.body_parse_failed");
    }

    [Theory]
    [InlineData("text/plain", "network.http.unsupported_content")]
    [InlineData("application/x-www-form-urlencoded", "network.http.unsupported_content")]
    [InlineData("nonsense", "network.http.unsupported_content")]
    [InlineData("application/json; charset=latin1", "network.http.unsupported_charset")]
    public async Task A_body_of_another_kind_is_refused(string contentType, string id)
    {
        using var request = Post(Now);
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var (response, answer) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ErrorOf(answer).ShouldBe(id);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    [InlineData(null)]
    public async Task Json_in_utf_8_is_taken_however_it_is_called(string? contentType)
    {
        using var request = Post(Now);
        request.Content!.Headers.Remove("Content-Type");
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var (response, _) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_refused_announced_or_not(bool chunked)
    {
        using var request = Post("{\"controller\":\"server\",\"action\":\"now\",\"text\":\"" + new string('x', MaxRequestBytes) + "\"}");
        if (chunked) request.Headers.TransferEncodingChunked = true;

        var (response, answer) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        ErrorOf(answer).ShouldBe("network.http.request_too_large");
        (await QueryAsync(Now)).Response.StatusCode.ShouldBe(HttpStatusCode.OK, "the next request is served");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_is_read(string encoding)
    {
        using var request = Compressed(Now, encoding);

        var (response, _) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_large_one_is_refused()
    {
        using var request = Compressed("{\"text\":\"" + new string('x', 50_000_000) + "\"}", "gzip");

        var (response, answer) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        ErrorOf(answer).ShouldBe("network.http.request_too_large");
    }

    [Theory]
    [InlineData("zstd", "network.http.unsupported_compression")]
    [InlineData("br", "network.http.body_parse_failed")]
    [InlineData("gzip, gzip, gzip, gzip", "network.http.too_many_encodings")]
    [InlineData("gzip", "network.http.body_parse_failed")]
    public async Task An_encoding_that_cannot_be_undone_is_refused(string encoding, string id)
    {
        using var request = Post(Now);
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        var (response, answer) = await SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ErrorOf(answer).ShouldBe(id);
    }

    [Fact]
    public async Task Head_is_answered_without_a_body()
    {
        using var response = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_clients_at_once_get_their_own_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => QueryAsync($$"""{"controller":"server","action":"now","requestId":"r{{i}}"}""")));

        answers.Select(answer => (string?)answer.Answer["requestId"]).ShouldBe(Enumerable.Range(0, 200).Select(i => $"r{i}"));
    }

    private static string? ErrorOf(JsonObject answer) => (string?)answer["error"]?["id"];

    private static HttpRequestMessage Post(string body) =>
        new(HttpMethod.Post, "/_query") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static HttpRequestMessage Compressed(string body, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Compress),
            "br" => new BrotliStream(packed, CompressionMode.Compress),
            _ => new ZLibStream(packed, CompressionMode.Compress),
        })
        {
            packer.Write(Encoding.UTF8.GetBytes(body));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "/_query") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentEncoding.Add(encoding);
        return request;
    }

    private async Task<(HttpResponseMessage Response, JsonObject Answer)> QueryAsync(string body)
    {
        using var request = Post(body);
        return await SendAsync(request);
    }

    private async Task<(HttpResponseMessage Response, JsonObject Answer)> SendAsync(HttpRequestMessage request)
    {
        var response = await _client.SendAsync(request);
        return (response, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
