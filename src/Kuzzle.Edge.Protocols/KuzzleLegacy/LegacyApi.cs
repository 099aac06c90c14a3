using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The dialect's way into the API: every action of 2015 is one of Kuzzle 2, in the one index, for the configured user.</summary>
internal sealed class LegacyApi(KuzzleLegacyOptions options, KuzzleApi api, TimeProvider clock)
{
    private static readonly JsonElement DynamicMapping = JsonElement.Parse("""{"mappings":{"dynamic":"true"}}""");

    private readonly Caller _caller = new(options.User);

    public string Index => options.Index;

    /// <summary>Runs an action of Kuzzle 2.</summary>
    public ValueTask<ApiResponse> RunAsync(LegacyRequest request, string controller, string action, JsonElement body, CancellationToken cancellationToken) =>
        RunAsync(request, request.Connection, controller, action, body, arguments: default, cancellationToken);

    /// <summary>Runs an action of Kuzzle 2 for another connection than the request's, or with arguments beside the body.</summary>
    public ValueTask<ApiResponse> RunAsync(
        LegacyRequest request, ClientConnection connection, string controller, string action, JsonElement body, JsonElement arguments, CancellationToken cancellationToken) =>
        api.ExecuteAsync(Create(controller, action, connection, _caller, request) with { Id = request.Id, Body = body, Arguments = arguments }, cancellationToken);

    /// <summary>Runs an action that writes. In 2015 a collection came into being with its first document; so it does here, if the user may write.</summary>
    public async ValueTask<ApiResponse> WriteAsync(LegacyRequest request, string controller, string action, JsonElement body, CancellationToken cancellationToken)
    {
        var response = await RunAsync(request, controller, action, body, cancellationToken);
        if (!IsWithoutCollection(response)) return response;

        var created = await api.ExecuteAsync(
            Create("collection", "create", request.Connection, Caller.System, request) with { Body = DynamicMapping }, cancellationToken);
        return created.Error is null ? await RunAsync(request, controller, action, body, cancellationToken) : created;
    }

    /// <summary>Whether an action failed because nobody has written to the collection yet: in 2015 a search there found nothing.</summary>
    public static bool IsWithoutCollection(ApiResponse response) => response.Error?.Id is "services.storage.unknown_index" or "services.storage.unknown_collection";

    private ApiRequest Create(string controller, string action, ClientConnection connection, Caller caller, LegacyRequest request) =>
        ApiRequest.Create(controller, action, connection, caller, clock) with
        {
            RequestId = request.RequestId,
            Index = options.Index,
            Collection = request.Topic.Collection,
        };
}
