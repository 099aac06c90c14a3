using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>Updates that are remembered and not made.</summary>
internal sealed class RecordingUpdates : ISystemUpdates
{
    public List<UpdateOrder> Ordered { get; } = [];

    /// <summary>How often the box was to go back.</summary>
    public int Rollbacks { get; private set; }

    public Task<JsonObject> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(new JsonObject { ["method"] = "image" });

    public ApiError? Begin(UpdateOrder order)
    {
        Ordered.Add(order);
        return null;
    }

    public Task<ApiError?> RollBackAsync(CancellationToken cancellationToken)
    {
        Rollbacks++;
        return Task.FromResult<ApiError?>(null);
    }
}
