using System.Net;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.CommandLine;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.CommandLine;

#pragma warning disable CA1001 // xunit disposes of it by IAsyncLifetime.
public sealed class SyncCommandTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly ScriptedLink _link = new();
    private readonly StringWriter _output = new();
    private readonly KuzzleApi _api = new(new ApiOptions { FreshRights = FreshRights.Open }, new InMemoryDocumentStore(), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly KuzzleApi _closed = new(new ApiOptions { FreshRights = FreshRights.Restricted }, new InMemoryDocumentStore(), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly HttpEndpoint _http;
    private readonly HttpEndpoint _closedHttp;

    public SyncCommandTests()
    {
        _http = EndpointOf(_api);
        _closedHttp = EndpointOf(_closed);
    }

    public async Task InitializeAsync()
    {
        _api.UseLink(_link);
        _closed.UseLink(_link);
        await _http.StartAsync(CancellationToken.None);
        await _closedHttp.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        foreach (var http in (HttpEndpoint[])[_http, _closedHttp])
        {
            await http.StopAsync(new CancellationToken(canceled: true));
            await http.DisposeAsync();
        }

        _api.Dispose();
        _closed.Dispose();
        await _output.DisposeAsync();
    }

    [Fact]
    public async Task The_status_is_one_line_for_each_value_with_times_as_people_write_them()
    {
        (await AskAsync(new SyncRequest("status"))).ShouldBe(0);

        var lines = _output.ToString().Split('\n');
        lines.ShouldContain("state: online");
        lines.ShouldContain("since: 2023-11-14 22:13:20Z");
        lines.ShouldContain("  oldestAge: 00:01:05");
        lines.ShouldContain("reason: -");
    }

    [Fact]
    public async Task The_status_is_JSON_where_that_is_wanted()
    {
        (await AskAsync(new SyncRequest("status") { AsJson = true })).ShouldBe(0);

        JsonElement.Parse(_output.ToString()).GetProperty("backlog").GetProperty("parked").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("pause", null, "state: online")]
    [InlineData("resume", null, "state: online")]
    [InlineData("flush", null, "state: online")]
    [InlineData("retry", null, "retried: 3")]
    [InlineData("drop", null, "dropped: 2")]
    [InlineData("resync", "plant/readings", "waiting: 7")]
    public async Task What_is_asked_for_reaches_the_link(string action, string? collection, string line)
    {
        (await AskAsync(new SyncRequest(action, collection))).ShouldBe(0);

        _link.Asked.ShouldBe([collection is null ? action : $"{action} {collection}"]);
        _output.ToString().Split('\n').ShouldContain(line);
    }

    [Fact]
    public async Task What_was_refused_for_good_is_listed_with_the_reason()
    {
        (await AskAsync(new SyncRequest("parked"))).ShouldBe(0);

        _output.ToString().ShouldContain("strict mapping (400)");
    }

    [Fact]
    public async Task Outside_of_a_terminal_the_backlog_melts_line_by_line()
    {
        _link.Waiting = 100;

        (await AskAsync(new SyncRequest("status") { IsWatched = true })).ShouldBe(0);

        _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "online: 100 of 100 wait, 40/s, about 00:00:03, 1 kept aside",
            "online: 60 of 100 wait, 40/s, about 00:00:02, 1 kept aside",
            "online: 20 of 100 wait, 40/s, about 00:00:01, 1 kept aside",
            "online: 0 of 100 wait, 40/s, 1 kept aside",
        ]);
    }

    [Fact]
    public async Task On_a_terminal_it_is_a_bar_that_is_written_over()
    {
        _link.Waiting = 100;

        (await AskAsync(new SyncRequest("flush") { IsWatched = true }, isTerminal: true)).ShouldBe(0);

        var drawn = _output.ToString().Split('\r');
        drawn.Length.ShouldBe(5);
        drawn[1].ShouldStartWith("[........................] online: 100 of 100 wait");
        drawn[2].ShouldStartWith("[#########...............] online: 60 of 100 wait");
        drawn[3].ShouldStartWith("[###################.....] online: 20 of 100 wait");
        drawn[4].ShouldStartWith("[########################] online: 0 of 100 wait");
        drawn[4].ShouldEndWith("\n");
    }

    [Fact]
    public async Task A_watch_ends_when_somebody_has_seen_enough()
    {
        (_link.Waiting, _link.Step) = (100, 0);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        (await SyncCommand.InvokeAsync(
            Client(_http), new SyncRequest("status") { IsWatched = true }, _output, new SyncProgress(_output, isTerminal: false), TimeProvider.System, enough.Token)).ShouldBe(0);

        _output.ToString().ShouldContain("100 of 100 wait");
    }

    [Fact]
    public async Task Without_rights_it_is_told_so() => (await AskAsync(new SyncRequest("status"), http: _closedHttp)).ShouldBe((int)ExitCode.NotAllowed);

    [Fact]
    public async Task A_collection_that_is_none_is_told_so() => (await AskAsync(new SyncRequest("resync", "plant/nothing"))).ShouldBe((int)ExitCode.NotFound);

    [Theory]
    [InlineData("readings")]
    [InlineData("plant/")]
    [InlineData("plant/readings/x")]
    public async Task A_name_that_is_no_collections_is_a_wrong_command_line(string name)
    {
        (await AskAsync(new SyncRequest("resync", name))).ShouldBe((int)ExitCode.Usage);

        _link.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_upstream_it_is_told_so()
    {
        using var api = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, new InMemoryDocumentStore(), TimeProvider.System, NullLoggerFactory.Instance);
        await using var http = EndpointOf(api);
        await http.StartAsync(CancellationToken.None);

        (await AskAsync(new SyncRequest("status"), http: http)).ShouldBe((int)ExitCode.NotFound);

        await http.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_gateway_that_does_not_run_is_told_so()
    {
        var client = new GatewayClient(new Uri("http://127.0.0.1:1"), token: null);

        (await SyncCommand.InvokeAsync(client, new SyncRequest("status"), _output, new SyncProgress(_output, isTerminal: false), TimeProvider.System, CancellationToken.None))
            .ShouldBe((int)ExitCode.AddressUnavailable);
    }

    private static HttpEndpoint EndpointOf(KuzzleApi api) =>
        new(new HttpOptions { Address = IPAddress.Loopback, Port = 0 }, api, new LiveChannels(), mqtt: null, TimeProvider.System, NullLoggerFactory.Instance);

    private static GatewayClient Client(HttpEndpoint http) => new(new Uri($"http://127.0.0.1:{http.EndPoint.Port}"), token: null);

    private Task<int> AskAsync(SyncRequest request, bool isTerminal = false, HttpEndpoint? http = null) =>
        SyncCommand.InvokeAsync(Client(http ?? _http), request, _output, new SyncProgress(_output, isTerminal), TimeProvider.System, CancellationToken.None);
}
