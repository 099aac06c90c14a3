using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests;

/// <summary>Two gateways and the link from one to the other.</summary>
internal sealed class EdgeAndCloud : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private EdgeAndCloud(TestGateway edge, TestGateway cloud, UpstreamOptions options)
    {
        (Edge, Cloud, Options) = (edge, cloud, options);
        Link = LinkAgain();
    }

    public TestGateway Edge { get; }

    public TestGateway Cloud { get; }

    public UpstreamLink Link { get; }

    /// <summary>What the link is configured with.</summary>
    public UpstreamOptions Options { get; }

    /// <param name="rule">What is synchronised.</param>
    /// <param name="portOf">Where the link finds the cloud, given the cloud's port.</param>
    /// <param name="adjust">What else is configured.</param>
    public static async Task<EdgeAndCloud> CreateAsync(SyncRule rule, Func<int, int>? portOf = null, Func<UpstreamOptions, UpstreamOptions>? adjust = null)
    {
        var rules = new SyncRules([rule]);
        var cloud = await TestGateway.StartAsync();
        var edge = await TestGateway.StartAsync(store => store with { RouteOf = rules.RouteOf, DeadLetters = new CollectionName("edge", "dead-letters") });
        var options = new UpstreamOptions
        {
            Url = new Uri($"ws://127.0.0.1:{portOf?.Invoke(cloud.Port) ?? cloud.Port}"),
            Rules = rules,
            RequestTimeout = TimeSpan.FromSeconds(portOf is null ? 30 : 2),
            KeepAlive = TimeSpan.FromSeconds(1),
            MaxRetryDelay = TimeSpan.FromSeconds(1),
            CompareInterval = TimeSpan.FromSeconds(1),
        };
        return new EdgeAndCloud(edge, cloud, adjust?.Invoke(options) ?? options);
    }

    /// <summary>Another link of the edge to the cloud, which takes messages from now on; with other options, if there are.</summary>
    public UpstreamLink LinkAgain(UpstreamOptions? options = null)
    {
        var link = new UpstreamLink(options ?? Options, Edge.Store.Outbox, Edge.Store, Edge.Api, TimeProvider.System, NullLoggerFactory.Instance);
        Edge.Api.UseLink(link, link.Messages);
        return link;
    }

    /// <summary>Creates or replaces a document with what it says, when it was changed included.</summary>
    public static Task<JsonElement> PutAsync(TestGateway gateway, string id, string text, long changedAt = 1) => gateway.MustAsync(
        $$$"""
        {"controller":"bulk","action":"mWrite","index":"plant","collection":"tasks","notify":true,"body":{"documents":[{"_id":"{{{id}}}","body":
        {"text":"{{{text}}}","_kuzzle_info":{"createdAt":{{{changedAt}}},"updatedAt":{{{changedAt}}},"author":"-1"} } } ] } }
        """);

    public static Task<JsonElement> DeleteAsync(TestGateway gateway, string id) =>
        gateway.MustAsync($$$"""{"controller":"document","action":"mDelete","index":"plant","collection":"tasks","body":{"ids":["{{{id}}}"] } }""");

    public static Task<JsonElement> CreateCollectionAsync(TestGateway gateway) =>
        gateway.MustAsync("""{"controller":"collection","action":"create","index":"plant","collection":"tasks"}""");

    /// <summary>Both hold the same, and nothing is on its way but second deliveries.</summary>
    public async Task EqualAsync() => await UntilAsync(
        async () => await Edge.Store.Outbox.MeasureAsync(CancellationToken.None) is var backlog && backlog.Entries == backlog.Deferred
            && (await Edge.DocumentsAsync("plant", "tasks")).SequenceEqual(await Cloud.DocumentsAsync("plant", "tasks")));

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException(await DescribeAsync());
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async Task StateAsync(LinkState state) => await UntilAsync(() => Task.FromResult(Link.Status.State == state));

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        await Edge.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private async Task<string> DescribeAsync()
    {
        var edge = await Edge.DocumentsAsync("plant", "tasks");
        var cloud = await Cloud.DocumentsAsync("plant", "tasks");
        return $"""
            Link: {await Link.DescribeAsync(CancellationToken.None)}
            Both: {edge.Intersect(cloud).Count()} documents
            Only the edge: {string.Join(' ', edge.Except(cloud))}
            Only the cloud: {string.Join(' ', cloud.Except(edge))}
            """;
    }
}
