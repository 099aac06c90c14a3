using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class HttpRouteTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _client = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _client.BaseAddress = _gateway.Http;
        await AskAsync("POST", "/plant/_create");
        await AskAsync("PUT", "/plant/readings", """{"mappings":{"properties":{"name":{"type":"keyword"},"at":{"properties":{"x":{"type":"long"}}}}}}""");
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Documents_live_through_their_routes()
    {
        (await AskAsync("POST", "/plant/readings/r1/_create", """{"name":"a"}"""))["result"]!["_id"]!.GetValue<string>().ShouldBe("r1");
        (await AskAsync("GET", "/plant/readings/r1"))["result"]!["_source"]!["name"]!.GetValue<string>().ShouldBe("a");
        (await AskAsync("PATCH", "/plant/readings/r1/_update?source", """{"more":1}"""))["result"]!["_source"]!["name"]!.GetValue<string>().ShouldBe("a");
        (await AskAsync("GET", "/plant/readings/_mGet?ids=r1,r2"))["result"]!["errors"]!.ToJsonString().ShouldBe("""["r2"]""");
        (await AskAsync("POST", "/plant/readings/_search?size=1", """{"query":{"term":{"name":"a"}}}"""))["result"]!["total"]!.GetValue<int>().ShouldBe(1);
        (await AskAsync("GET", """/plant/readings/_search?searchBody={"query":{"term":{"name":"b"}}}"""))["result"]!["total"]!.GetValue<int>().ShouldBe(0);
        (await AskAsync("DELETE", "/plant/readings/_mDelete", """{"ids":["r1"]}"""))["result"]!["successes"]!.ToJsonString().ShouldBe("""["r1"]""");
        (await AskAsync("GET", "/plant/readings/r1/_exists"))["result"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task An_identifier_may_hold_a_slash()
    {
        await AskAsync("POST", "/plant/readings/a%2Fb%20c/_create", "{}");

        (await AskAsync("GET", "/plant/readings/a%2Fb%20c"))["result"]!["_id"]!.GetValue<string>().ShouldBe("a/b c");
    }

    [Theory]
    [InlineData("""{},"controller":"server","action":"now","x":{}""")]
    [InlineData("{} {}")]
    [InlineData("{")]
    public async Task A_body_cannot_speak_for_the_request_around_it(string body)
    {
        var answer = await AskAsync("POST", "/plant/readings/_create", body);

        answer["error"]!["id"]!.GetValue<string>().ShouldBe("network.http.body_parse_failed");
        (await AskAsync("POST", "/plant/readings/_count", "{}"))["result"]!["count"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Metadata_of_the_header_is_echoed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_now");
        request.Headers.TryAddWithoutValidation("X-Kuzzle-Volatile", """{"who":"me"}""");

        using var response = await _client.SendAsync(request);

        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["volatile"]!.ToJsonString().ShouldBe("""{"who":"me"}""");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("{}{}")]
    public async Task Metadata_that_is_no_object_is_refused(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_now");
        request.Headers.TryAddWithoutValidation("X-Kuzzle-Volatile", header);

        using var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["id"]!.GetValue<string>().ShouldBe("network.http.volatile_parse_failed");
    }

    [Fact]
    public async Task The_sdk_finds_the_routes_in_the_public_api()
    {
        var api = (await AskAsync("GET", "/_publicApi"))["result"]!;

        api["document"]!["get"]!["http"]!.ToJsonString().ShouldBe("""[{"path":"/:index/:collection/:_id","url":"/:index/:collection/:_id","verb":"GET"}]""");
        api["realtime"]!["subscribe"]!.AsObject().ContainsKey("http").ShouldBeFalse();
    }

    [Fact]
    public async Task An_action_that_is_nowhere_is_not_taken_for_a_document()
    {
        var answer = await AskAsync("PUT", "/profiles/_mapping", "{}");

        ((string?)answer["controller"]).ShouldBe("security");
        ((string?)answer["action"]).ShouldBe("updateProfileMapping");
        answer["error"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Answers_can_be_pretty()
    {
        var text = await _client.GetStringAsync(new Uri("/_now?pretty", UriKind.Relative));

        text.ShouldContain("\n  \"status\": 200,\n");
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("*", "br")]
    [InlineData("zstd", null)]
    [InlineData("br;q=0", null)]
    [InlineData("identity, br;q=0.1", null)]
    [InlineData("nonsense;;q", null)]
    public async Task A_long_answer_is_compressed_as_the_client_likes(string accept, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_publicApi");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);

        using var response = await _client.SendAsync(request);

        response.Content.Headers.ContentEncoding.FirstOrDefault().ShouldBe(encoding);
        response.Headers.ETag.ShouldBeNull();
        await using var body = Decode(encoding, new MemoryStream(await response.Content.ReadAsByteArrayAsync()));
        (await JsonNode.ParseAsync(body))!["result"]!["server"].ShouldNotBeNull();
        if (encoding is not null) response.Headers.Vary.ShouldContain("Accept-Encoding");
    }

    [Fact]
    public async Task A_short_answer_is_sent_as_it_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_now");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using var response = await _client.SendAsync(request);

        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_collection_is_exported_as_lines_of_json(string? encoding)
    {
        await FillAsync(10);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/plant/readings/_export");
        if (encoding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);

        using var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("plant-readings.jsonl");
        using var reader = new StreamReader(Decode(encoding, await response.Content.ReadAsStreamAsync()));
        var lines = (await reader.ReadToEndAsync()).Split('\n');
        lines[0].ShouldBe("""{"collection":"readings","index":"plant","type":"collection"}""");
        lines[1..^1].Select(line => (string?)JsonNode.Parse(line)!["_id"]).ShouldBe(Enumerable.Range(0, 10).Select(i => $"r{i}"));
        JsonNode.Parse(lines[3])!["body"]!["name"]!.GetValue<string>().ShouldBe("n2");
        lines[^1].ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_is_exported_as_separated_values()
    {
        await AskAsync("POST", "/plant/readings/a/_create", """{"name":"x,\"y\"","at":{"x":1},"list":[1]}""");
        await AskAsync("POST", "/plant/readings/b/_create", """{"name":null,"more":true}""");

        (await ExportAsync("GET", "?format=csv")).ShouldBe("_id,name,at.x\na,\"x,\"\"y\"\"\",1\nb,,\n");
        (await ExportAsync("GET", "?format=csv&separator=;&fields=more,list,_id")).ShouldBe("_id;more;list\na;;[OBJECT]\nb;true;\n");
        (await ExportAsync("POST", "?format=CSV", """{"fields":["at.x"],"fieldsName":{"at.x":"X","_id":"id"},"query":{"term":{"name":"x,\"y\""}}}"""))
            .ShouldBe("id,X\na,1\n");
    }

    [Theory]
    [InlineData("?format=xml", "{}", "api.assert.invalid_argument")]
    [InlineData("?format=csv&separator=", "{}", "api.assert.empty_argument")]
    [InlineData("", """{"fields":[1]}""", "api.assert.invalid_type")]
    [InlineData("", """{"fieldsName":{"a":1}}""", "api.assert.invalid_type")]
    [InlineData("", """{"query":[]}""", "api.assert.invalid_type")]
    [InlineData("", """{"query":{"unheardof":{}}}""", "services.storage.unknown_query_keyword")]
    [InlineData("", """{"collapse":{"field":"name"}}""", "api.assert.unexpected_argument")]
    public async Task An_export_that_cannot_be_is_refused_before_it_begins(string query, string body, string id)
    {
        var answer = await AskAsync("POST", $"/plant/readings/_export{query}", body);

        answer["error"]!["id"]!.GetValue<string>().ShouldBe(id);
    }

    [Fact]
    public async Task Only_http_exports()
    {
        using var client = await SocketClient.ConnectAsync(_gateway);

        var answer = await client.AskAsync("""{"controller":"document","action":"export","index":"plant","collection":"readings"}""");

        answer["error"]!["id"]!.GetValue<string>().ShouldBe("api.assert.unsupported_protocol");
    }

    [Fact]
    public async Task The_openapi_document_describes_every_route_that_is_there()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/_openapi", UriKind.Relative)));

        var root = document.RootElement;
        root.GetProperty("openapi").GetString().ShouldStartWith("3.0.");
        root.GetProperty("info").GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        root.GetProperty("info").GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        var operations = root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, Method: method.Name, Value: method.Value))).ToList();
        operations.Count.ShouldBeGreaterThan(40);
        operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).ShouldBeUnique();
        foreach (var (path, method, operation) in operations)
        {
            var parameters = operation.TryGetProperty("parameters", out var given) ? given.EnumerateArray().ToList() : [];
            var inPath = parameters.Where(parameter => parameter.GetProperty("in").GetString() == "path").ToList();
            inPath.ShouldAllBe(parameter => parameter.GetProperty("required").GetBoolean());
            inPath.Select(parameter => $"{{{parameter.GetProperty("name").GetString()}}}").ShouldBe(path.Split('/').Where(segment => segment.StartsWith('{')), $"{method} {path}");
            parameters.Select(parameter => parameter.GetProperty("in").GetString() + parameter.GetProperty("name").GetString()).ShouldBeUnique($"{method} {path}");
            parameters.ShouldAllBe(parameter => parameter.GetProperty("schema").ValueKind == JsonValueKind.Object);
            operation.GetProperty("responses").GetProperty("200").GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
            (method == "get" && operation.TryGetProperty("requestBody", out _)).ShouldBeFalse($"{method} {path}: a GET has no body");
        }

        foreach (var reference in References(root))
        {
            reference.ShouldStartWith("#/components/schemas/");
            root.GetProperty("components").GetProperty("schemas").TryGetProperty(reference["#/components/schemas/".Length..], out _).ShouldBeTrue(reference);
        }
    }

    [Fact]
    public async Task The_openapi_document_comes_as_yaml_too()
    {
        using var response = await _client.GetAsync(new Uri("/_openapi?format=yaml", UriKind.Relative));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/yaml");
        var yaml = await response.Content.ReadAsStringAsync();
        yaml.ShouldStartWith("\"openapi\": \"3.0.3\"\n\"info\":\n  \"title\": \"Kuzzle.Edge\"\n");
        yaml.ShouldContain("  \"/{index}/{collection}/{_id}\":\n    \"put\":\n      \"tags\":\n        - \"document\"\n");
    }

    [Fact]
    public async Task An_unknown_form_of_the_openapi_document_is_refused() =>
        (await AskAsync("GET", "/_openapi?format=xml"))["error"]!["id"]!.GetValue<string>().ShouldBe("api.assert.unexpected_argument");

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.NameEquals("$ref") ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static Stream Decode(string? encoding, Stream body) => encoding switch
    {
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        _ => body,
    };

    private async Task FillAsync(int count)
    {
        for (var i = 0; i < count; i++) await AskAsync("POST", $"/plant/readings/r{i}/_create", $$"""{"name":"n{{i}}"}""");
    }

    private async Task<string> ExportAsync(string method, string query, string? body = null)
    {
        using var request = Request(method, $"/plant/readings/_export{query}", body);
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<JsonObject> AskAsync(string method, string path, string? body = null)
    {
        using var request = Request(method, path, body);
        using var response = await _client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        answer["status"]!.GetValue<int>().ShouldBe((int)response.StatusCode);
        return answer;
    }

    private static HttpRequestMessage Request(string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }
}
