using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>Updates of the whole system of this box. May be called from any thread.</summary>
public interface ISystemUpdates
{
    /// <summary>How the box is updated, what its slots hold, and how the last update that this process began stands. A tree of its own for each call.</summary>
    Task<JsonObject> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Begins an update and returns; <see cref="DescribeAsync"/> tells how it goes. Null when it was begun.</summary>
    ApiError? Begin(UpdateOrder order);

    /// <summary>Makes the other slot the one to start, and restarts the box. Null when that is on its way.</summary>
    Task<ApiError?> RollBackAsync(CancellationToken cancellationToken);
}
