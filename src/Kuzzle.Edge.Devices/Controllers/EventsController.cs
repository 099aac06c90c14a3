using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>The controller <c>edge/events</c>: stored events, as they are or as CloudEvents.</summary>
internal sealed class EventsController(RegistryBook book, KuzzleApi api, TimeProvider clock)
{
    private const string Format = "format";
    private const string CloudEvents = "cloudevents";

    public Controller Controller => new(EdgeControllers.Events, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["get"] = GetAsync,
        ["search"] = SearchAsync,
    });

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var id = arguments.Id();
        if (!TryGetCollection(request, arguments, out var collection, out var isCloudEvent, out var refusal)) return refusal!;

        var document = await api.Documents.FindAsync(collection, id, cancellationToken);
        if (document is null) return DeviceErrors.UnknownEvent(id);
        if (!isCloudEvent) return ApiResult.Ok(RegistryArguments.Show(id, document.Source));
        if (CloudEvent.Of(document.Source) is not { } told) return DeviceErrors.UnknownEvent(id);

        // Over HTTP the response is the event itself, as receivers of CloudEvents expect it.
        return ApiResult.File(new JsonObject { ["_id"] = id, ["_source"] = told }, ResultContent.Of(CloudEvent.ContentType, DocumentBytes.Of(told)));
    }

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        if (!TryGetCollection(request, arguments, out var collection, out var isCloudEvent, out var refusal)) return refusal!;

        var found = await DocumentSearch.RunAsync(api, request, collection, clock, cancellationToken);
        if (!isCloudEvent || found.Result is not JsonObject result || result["hits"] is not JsonArray hits) return found;

        foreach (var hit in hits.OfType<JsonObject>())
        {
            // What else somebody has put into the collection is told as it is: it has no attributes.
            if (hit["_source"] is JsonObject source && CloudEvent.Of(DocumentBytes.ElementOf(source)) is { } told) hit["_source"] = told;
        }

        return found;
    }

    /// <summary>Where the events of the request are; false when it is refused.</summary>
    private bool TryGetCollection(ApiRequest request, Arguments arguments, out CollectionName collection, out bool isCloudEvent, out ApiResult? refusal)
    {
        var name = arguments.Application(request, book);
        var format = arguments.Text(Format, "");
        isCloudEvent = format == CloudEvents;
        if (format is not ("" or "document" or CloudEvents)) arguments.Refuse(AssertErrors.InvalidArgument(Format, $"document or {CloudEvents}"));
        var within = string.IsNullOrEmpty(request.Collection) ? "events" : request.Collection;
        if (RegistryCollections.IsOwn(within)) arguments.Refuse(AssertErrors.InvalidArgument("collection", "a collection of events"));
        collection = default;
        if (arguments.AreWrong(out var wrong))
        {
            refusal = wrong;
            return false;
        }

        if (book.FindApplication(name) is not { } application)
        {
            refusal = DeviceErrors.UnknownApplication(name);
            return false;
        }

        collection = new CollectionName(application.Index, within);
        refusal = null;
        return true;
    }
}
