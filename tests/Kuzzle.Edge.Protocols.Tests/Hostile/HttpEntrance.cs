using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Routes;
using Kuzzle.Edge.Testing.Hostile;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>Bodies to <c>POST /_query</c>, and the routes with paths, query strings, headers and bodies of all kinds.</summary>
internal sealed class HttpEntrance(StoredGateway gateway, RequestGrammar grammar, Random random) : IFuzzedEntrance
{
    private static readonly HttpRoute[] Routes = [.. ApiActions.All.SelectMany(action => action.HttpRoutes)];

    /// <summary>Texts that only a URL can have.</summary>
    private static readonly string[] Escaped = ["%ff%fe", "%ed%a0%80", "%00", "%2F", "%", "%zz", "%25", "a%26b", "+", "%F0%9F%98%80"];

    private readonly HttpClient _client = new() { BaseAddress = gateway.Http, Timeout = TimeSpan.FromSeconds(60) };

    public string Sent { get; private set; } = "";

    public async Task<string?> AskAsync()
    {
        using var request = random.Next(3) == 0 ? Query() : Route();
        using var response = await _client.SendAsync(request);
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsByteArrayAsync();
        if (status is 400 or 414 or 431 && body.Length == 0 && response.Headers.ConnectionClose == true) return ""; // No HTTP at all: the web server's own refusal.
        if (status == 200 && response.Content.Headers.ContentType?.MediaType != "application/json") return null; // A file.

        var answer = JsonElement.Parse(body);
        if (status == 200 && !answer.TryGetProperty("requestId", out _)) return null; // A document that is no answer: metrics, OpenAPI.

        var error = AnswerShape.Check(answer);
        answer.GetProperty("status").GetInt32().ShouldBe(status);
        return error;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage Query()
    {
        var payload = grammar.Next();
        Sent = $"POST /_query {Encoding.UTF8.GetString(payload)}";
        return new HttpRequestMessage(HttpMethod.Post, "/_query") { Content = Json(payload) };
    }

    private HttpRequestMessage Route()
    {
        var route = Routes[random.Next(Routes.Length)];
        var url = new StringBuilder();
        foreach (var segment in route.Segments) url.Append('/').Append(HttpRoute.IsArgument(segment) ? PathValue(segment) : segment);
        for (var (more, separator) = (random.Next(4), '?'); more > 0; more--, separator = '&')
        {
            url.Append(separator).Append(Uri.EscapeDataString(grammar.NextName()));
            if (random.Next(4) != 0) url.Append('=').Append(QueryValue());
        }

        // The URL as it is: what is not well-formed in it shall arrive so.
        var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(gateway.Http.GetLeftPart(UriPartial.Authority) + url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        Sent = $"{route.Method} {url}";
        if (route.Method is "POST" or "PUT" or "PATCH" || random.Next(5) == 0)
        {
            var payload = grammar.NextBody();
            request.Content = Json(payload);
            Sent += $" {Encoding.UTF8.GetString(payload)}";
        }

        if (random.Next(8) == 0)
        {
            var header = grammar.NextText().ReplaceLineEndings("");
            if (header.All(char.IsAscii)) request.Headers.TryAddWithoutValidation("X-Kuzzle-Volatile", header);
            Sent += $" volatile {header}";
        }

        return request;
    }

    private string PathValue(string name) => random.Next(6) switch
    {
        0 => Escaped[random.Next(Escaped.Length)],
        1 => Uri.EscapeDataString(grammar.NextText()),
        _ => name switch { ":index" => "i", ":collection" => "c", _ => "x" },
    };

    private string QueryValue() => random.Next(3) == 0 ? Escaped[random.Next(Escaped.Length)] : Uri.EscapeDataString(grammar.NextText());

    private static ByteArrayContent Json(byte[] payload) => new(payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
