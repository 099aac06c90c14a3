using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Specifications;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>The controller <c>realtime</c>.</summary>
/// <param name="findFault">Why a request may not do what it does to this collection, which it names by a room only; or null.</param>
/// <param name="findRelay">What takes messages to the upstream, or null.</param>
internal sealed class RealtimeController(
    RealtimeEngine realtime,
    SpecificationShelf specifications,
    SpecificationController validation,
    ApiLimits limits,
    Func<ApiRequest, CollectionName, ApiError?> findFault,
    Func<IMessageRelay?> findRelay)
{
    public Controller Controller => new("realtime", new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["subscribe"] = Controllers.Controller.AtOnce(Subscribe),
        ["join"] = Controllers.Controller.AtOnce(Join),
        ["unsubscribe"] = Controllers.Controller.AtOnce(Unsubscribe),
        ["count"] = Controllers.Controller.AtOnce(Count),
        ["list"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(realtime.List())),
        ["publish"] = PublishAsync,
        ["validate"] = validation.ValidateDocumentAsync,
    });

    private ApiResult Subscribe(ApiRequest request)
    {
        if (!request.TryGetBodyObject(out var body, out var refusal)
            || !request.TryGetCollection(out var name, out refusal)
            || !TryReadOptions(request, out var wanted, out refusal))
        {
            return refusal;
        }

        if (!KoncordeFilter.TryParse(body, limits.SubscriptionConditionsCount, out var filter, out var fault)) return AssertErrors.KoncordeDslError(fault);
        if (!realtime.TrySubscribe(request, name, filter, wanted, out var subscription, out refusal)) return refusal;

        return Subscribed(subscription.RoomId, subscription.Channel);
    }

    private ApiResult Join(ApiRequest request)
    {
        if (!request.TryGetFromBody("roomId", JsonValueKind.String, out var roomId, out var refusal) || !TryReadOptions(request, out var wanted, out refusal)) return refusal;

        // Names of rooms can be computed: without this, a right that is restricted to some collections would not be.
        var id = roomId.GetString()!;
        if (realtime.CollectionOf(id) is { } collection && findFault(request, collection) is { } denied) return denied;
        return realtime.TryJoin(request, id, wanted, out var channel, out refusal) ? Subscribed(id, channel) : refusal;
    }

    private ApiResult Unsubscribe(ApiRequest request)
    {
        if (!request.TryGetFromBody("roomId", JsonValueKind.String, out var roomId, out var refusal)) return refusal;

        var id = roomId.GetString()!;
        return realtime.TryUnsubscribe(request, id)
            ? ApiResult.Ok(new JsonObject { ["roomId"] = id })
            : RealtimeErrors.NotSubscribed(request.Connection.Id, id);
    }

    private ApiResult Count(ApiRequest request)
    {
        if (!request.TryGetFromBody("roomId", JsonValueKind.String, out var roomId, out var refusal)) return refusal;

        // As in Join.
        var id = roomId.GetString()!;
        if (realtime.CollectionOf(id) is { } collection && findFault(request, collection) is { } denied) return denied;
        return ApiResult.Ok(new JsonObject { ["count"] = realtime.CountIn(id) });
    }

    private async ValueTask<ApiResult> PublishAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var sent = arguments.Body();
        var name = arguments.Collection();
        var id = arguments.OptionalId();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var specification = await specifications.FindAsync(name, cancellationToken);
        var body = specification?.Complete(sent) ?? sent;
        if (specification?.Check(body).First is { } fault) return fault;

        var result = new JsonObject();
        if (id is not null) result["_id"] = id;
        var published = body;
        if (body.ValueKind == JsonValueKind.Object)
        {
            var source = JsonObject.Create(body)!.DeepClone().AsObject();
            source[Metadata.Name] = new JsonObject { ["author"] = request.Caller.Kuid, ["createdAt"] = request.Timestamp };
            published = JsonElement.Parse(source.ToJsonString());
            result["_source"] = source;
        }
        else
        {
            result["_source"] = DocumentAnswers.NodeOf(body);
        }

        // First the upstream: what it is promised, or cannot be, is known before anybody is told.
        if (findRelay() is { } relay) await relay.RelayAsync(name, id, body, cancellationToken);
        realtime.Publish(request, name, published, result);
        return ApiResult.Ok(new JsonObject { ["published"] = true });
    }

    private static ApiResult Subscribed(string roomId, string channel) => ApiResult.Ok(new JsonObject { ["channel"] = channel, ["roomId"] = roomId });

    private static bool TryReadOptions(ApiRequest request, out ChannelOptions wanted, [NotNullWhen(false)] out ApiError? refusal)
    {
        wanted = default;
        if (!request.TryGetText("scope", "all", out var scope, out refusal) || !request.TryGetText("users", "none", out var users, out refusal)) return false;
        if (ChannelOptions.ScopeOf(scope) is not { } scopeDigit)
        {
            refusal = RealtimeErrors.InvalidScope();
            return false;
        }

        if (ChannelOptions.UsersOf(users) is not { } usersDigit)
        {
            refusal = RealtimeErrors.InvalidUsers();
            return false;
        }

        // Clients cannot choose whether other nodes hear of it: the digit is always 1.
        wanted = new ChannelOptions(scopeDigit, usersDigit, Propagate: true);
        return true;
    }
}
