using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>The controller <c>edge/sync</c>: the link to the upstream, for its operator. Like everything that the restricted roles do not name, it is for administrators.</summary>
/// <param name="find">The link; null as long as there is none.</param>
internal sealed class SyncController(Func<ISyncControl?> find)
{
    /// <summary>As many as an answer should carry.</summary>
    private const int MaxParked = 1000;

    public Controller Controller => new(EdgeControllers.Sync, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["status"] = With("status", static async (link, _, cancellationToken) => ApiResult.Ok(await link.DescribeAsync(cancellationToken))),
        ["pause"] = With("pause", static (link, _, cancellationToken) => DoAsync(link, link.PauseAsync, cancellationToken)),
        ["resume"] = With("resume", static (link, _, cancellationToken) => DoAsync(link, link.ResumeAsync, cancellationToken)),
        ["flush"] = With("flush", static (link, _, cancellationToken) => DoAsync(link, _ => FlushAsync(link), cancellationToken)),
        ["retry"] = With("retry", static async (link, _, cancellationToken) => ApiResult.Ok(new JsonObject { ["retried"] = await link.RetryAsync(cancellationToken) })),
        ["drop"] = With("drop", static async (link, _, cancellationToken) => ApiResult.Ok(new JsonObject { ["dropped"] = await link.DropAsync(cancellationToken) })),
        ["resync"] = With("resync", ResyncAsync),
        ["parked"] = With("parked", ParkedAsync),
    });

    private ActionHandler With(string action, Func<ISyncControl, ApiRequest, CancellationToken, ValueTask<ApiResult>> handle) => (request, cancellationToken) =>
        find() is { } link ? handle(link, request, cancellationToken) : ValueTask.FromResult<ApiResult>(ProcessErrors.NoUpstream(EdgeControllers.Sync, action));

    private static Task FlushAsync(ISyncControl link)
    {
        link.Flush();
        return Task.CompletedTask;
    }

    private static async ValueTask<ApiResult> DoAsync(ISyncControl link, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await action(cancellationToken);
        return ApiResult.Ok(await link.DescribeAsync(cancellationToken));
    }

    private static async ValueTask<ApiResult> ResyncAsync(ISyncControl link, ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var collection = arguments.Collection();
        if (arguments.AreWrong(out var refusal)) return refusal;

        return await link.ResyncAsync(collection, cancellationToken) is { } waiting
            ? ApiResult.Ok(new JsonObject { ["waiting"] = waiting })
            : StorageErrors.UnknownCollection(collection);
    }

    private static async ValueTask<ApiResult> ParkedAsync(ISyncControl link, ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var size = arguments.Integer("size", 100);
        if (size is < 0 or > MaxParked) arguments.Refuse(AssertErrors.InvalidArgument("size", $"a number from 0 to {MaxParked}"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        return ApiResult.Ok(new JsonObject
        {
            ["parked"] = new JsonArray([.. (await link.ParkedAsync(size, cancellationToken)).Select(entry => new JsonObject
            {
                ["index"] = entry.Collection.Index,
                ["collection"] = entry.Collection.Collection,
                ["_id"] = entry.Id,
                ["reason"] = entry.Reason,
                ["parkedAt"] = entry.ParkedAt.ToUnixTimeMilliseconds(),
            })]),
        });
    }
}
