using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class CrossOriginTests
{
    private const string Page = "https://console.example";

    [Fact]
    public async Task By_default_a_page_of_any_origin_may_read_answers()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await AskAsync(gateway, HttpMethod.Post, Page);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Page]);
        response.Headers.Vary.ShouldContain("Origin");
    }

    [Fact]
    public async Task A_preflight_is_told_the_methods_and_headers_that_the_sdk_uses()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await AskAsync(gateway, HttpMethod.Options, Page);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Page]);
        response.Headers.GetValues("Access-Control-Allow-Methods").Single().Split(',').ShouldContain("POST");
        response.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", ").ShouldBeSubsetOf(
            ["Content-Type", "Authorization", "X-Kuzzle-Volatile", "X-Requested-With", "Content-Encoding", "Content-Length", "Access-Control-Allow-Headers", "X-Kuzzle-Request-Id"]);
    }

    [Fact]
    public async Task A_client_that_is_no_page_needs_no_origin()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { AllowedOrigins = [Page] });

        using var response = await AskAsync(gateway, HttpMethod.Post, origin: null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_of_an_origin_that_is_not_allowed_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { AllowedOrigins = [Page] });

        using var allowed = await AskAsync(gateway, HttpMethod.Post, Page);
        using var refused = await AskAsync(gateway, HttpMethod.Post, "https://evil.example");

        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("api.process.unauthorized_origin");
    }

    [Fact]
    public async Task A_page_of_an_origin_that_is_not_allowed_gets_no_WebSocket()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { AllowedOrigins = [Page] });
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Origin", "https://evil.example");

        await Should.ThrowAsync<WebSocketException>(() => client.ConnectAsync(gateway.WebSocket, CancellationToken.None));
    }

    private static async Task<HttpResponseMessage> AskAsync(TestGateway gateway, HttpMethod method, string? origin)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(gateway.Http, "/_query"));
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Post) request.Content = new StringContent("""{"controller":"server","action":"now"}""", Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }
}
