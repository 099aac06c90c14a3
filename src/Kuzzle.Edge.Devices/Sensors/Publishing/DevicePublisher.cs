using System.Buffers;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>
/// Carries what devices of this board tell into the API, as requests of the device itself: downstream a wired sensor and a field device are the same. What is stored is
/// announced by its document; only what is not stored is published as a message.
/// </summary>
internal sealed class DevicePublisher(KuzzleApi api, TimeProvider clock)
{
    /// <summary>Less than what a request may write by default, so that what waited while the disk was full goes in few requests.</summary>
    public const int MaxBatch = 100;

    private static readonly JsonElement Mapping = JsonElement.Parse(
        """
        {"mappings":{"dynamic":"true","properties":{
          "device":{"type":"keyword"},"channel":{"type":"keyword"},"kind":{"type":"keyword"},"value":{"type":"double"},
          "unit":{"type":"keyword"},"quality":{"type":"keyword"},"timestamp":{"type":"date"},"sequence":{"type":"long"},
          "block":{"properties":{"count":{"type":"long"},"min":{"type":"double"},"max":{"type":"double"},"mean":{"type":"double"},"rms":{"type":"double"},
            "duration":{"type":"double"},"series":{"type":"double"}}},
          "alarm":{"type":"keyword"},"state":{"type":"keyword"},"above":{"type":"double"},"below":{"type":"double"},
          "clock":{"properties":{"synced":{"type":"boolean"},"mono":{"type":"long"},"boot":{"type":"keyword"},"told":{"type":"date"}}}}}}
        """);

    private readonly ClientConnection _connection = new("internal", remoteAddress: null);

    /// <summary>Tells what waits, oldest first. Null when nothing waits any more, else why something still does.</summary>
    public async ValueTask<string?> PublishAsync(SensorOptions sensor, PublicationQueue queue, Action<int> published, CancellationToken cancellationToken)
    {
        while (queue.Peek(MaxBatch) is { Count: > 0 } next)
        {
            var fault = await SendAsync(sensor, next, queue, published, cancellationToken);
            if (fault?.Id is "services.storage.unknown_index" or "services.storage.unknown_collection")
            {
                // The first reading of all, or somebody deleted the collection.
                fault = (await api.ExecuteAsync(Request(sensor, next[0].Collection, "collection", "create", Mapping), cancellationToken)).Error;
                if (fault is null) continue;
            }

            if (fault is not null) return fault.Message;
        }

        return null;
    }

    private async ValueTask<ApiError?> SendAsync(
        SensorOptions sensor, IReadOnlyList<Publication> batch, PublicationQueue queue, Action<int> published, CancellationToken cancellationToken)
    {
        if (batch.Count > 1) return await SendManyAsync(sensor, batch, queue, published, cancellationToken);

        var only = batch[0];
        var body = JsonElement.Parse(only.Json.Span);
        var request = only.Id is null
            ? Request(sensor, only.Collection, "realtime", "publish", body)
            : Request(sensor, only.Collection, "document", "createOrReplace", body) with { Id = only.Id };
        var answer = await api.ExecuteAsync(request, cancellationToken);
        if (answer.Error is not null) return answer.Error;

        queue.Remove(only);
        published(1);
        return null;
    }

    private async ValueTask<ApiError?> SendManyAsync(
        SensorOptions sensor, IReadOnlyList<Publication> batch, PublicationQueue queue, Action<int> published, CancellationToken cancellationToken)
    {
        var answer = await api.ExecuteAsync(Request(sensor, batch[0].Collection, "document", "mCreateOrReplace", BodyOf(batch)), cancellationToken);
        if (answer.Error is not null) return answer.Error;

        var refused = answer.Result?["errors"]?.AsArray() ?? [];
        var kept = refused.Select(error => error?["document"]?["_id"]?.GetValue<string>()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var publication in batch.Where(publication => !kept.Contains(publication.Id!))) queue.Remove(publication);
        published(batch.Count - kept.Count);
        return refused.Count == 0 ? null : StorageErrors.UnexpectedError(refused[0]?["reason"]?.GetValue<string>() ?? "the document was refused");
    }

    private static JsonElement BodyOf(IReadOnlyList<Publication> batch)
    {
        var output = new ArrayBufferWriter<byte>(batch.Count * 256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("documents");
            foreach (var publication in batch)
            {
                writer.WriteStartObject();
                writer.WriteString("_id", publication.Id);
                writer.WritePropertyName("body");
                writer.WriteRawValue(publication.Json.Span, skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }

    private ApiRequest Request(SensorOptions sensor, string collection, string controller, string action, JsonElement body) =>
        ApiRequest.Create(controller, action, _connection, Caller.Device(sensor.Name), clock) with
        {
            Index = sensor.Index,
            Collection = collection,
            Body = body,
        };
}
