using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>
/// Carries readings into the API, as requests of the sensor's own device: downstream a wired sensor and a field device are the same. A stored reading is
/// announced by its document; only one that is not stored is published as a message.
/// </summary>
internal sealed class ReadingPublisher(SensorOptions sensor, KuzzleApi api, TimeProvider clock)
{
    private static readonly JsonElement Mapping = JsonElement.Parse(
        """
        {"mappings":{"dynamic":"true","properties":{
          "device":{"type":"keyword"},"kind":{"type":"keyword"},"value":{"type":"double"},
          "unit":{"type":"keyword"},"at":{"type":"date"},"quality":{"type":"keyword"}}}}
        """);

    private readonly ClientConnection _connection = new("internal", remoteAddress: null);

    /// <summary>Null when the reading is where it must be, else why not.</summary>
    public async ValueTask<ApiError?> PublishAsync(Reading reading, CancellationToken cancellationToken)
    {
        var error = await SendAsync(reading, cancellationToken);
        if (error?.Id is not ("services.storage.unknown_index" or "services.storage.unknown_collection")) return error;

        // The first reading of all, or somebody deleted the collection.
        var created = await api.ExecuteAsync(Request("collection", "create", id: null, Mapping), cancellationToken);
        return created.Error ?? await SendAsync(reading, cancellationToken);
    }

    private async ValueTask<ApiError?> SendAsync(Reading reading, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse(reading.ToJson().Span);
        var request = sensor.Store switch
        {
            ReadingStorage.None => Request("realtime", "publish", id: null, body),
            ReadingStorage.Last => Request("document", "createOrReplace", sensor.Name, body),
            _ => Request("document", "createOrReplace", reading.Id, body),
        };
        return (await api.ExecuteAsync(request, cancellationToken)).Error;
    }

    private ApiRequest Request(string controller, string action, string? id, JsonElement body) =>
        ApiRequest.Create(controller, action, _connection, Caller.Device(sensor.Name), clock) with
        {
            Index = sensor.Index,
            Collection = sensor.Collection,
            Id = id,
            Body = body,
        };
}
