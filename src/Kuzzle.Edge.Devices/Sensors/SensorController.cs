using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>The controller <c>edge/sensors</c>: the sensors and actuators of this box.</summary>
internal sealed class SensorController(SensorService sensors, KuzzleApi api)
{
    /// <summary>What an answer should carry at the most.</summary>
    private const int MaxHistory = 10_000;

    public Controller Controller => new(EdgeControllers.Sensors, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["list"] = Api.Controllers.Controller.AtOnce(_ => List()),
        ["get"] = Api.Controllers.Controller.AtOnce(Get),
        ["create"] = CreateAsync,
        ["update"] = UpdateAsync,
        ["delete"] = DeleteAsync,
        ["read"] = ReadAsync,
        ["scan"] = ScanAsync,
        ["history"] = HistoryAsync,
    });

    private ApiResult List()
    {
        var all = sensors.Mounted;
        return ApiResult.Ok(new JsonObject
        {
            ["sensors"] = new JsonArray([.. all.Select(mounted => SensorJson.Brief(mounted))]),
            ["total"] = all.Count,
        });
    }

    private ApiResult Get(ApiRequest request)
    {
        if (!TryFind(request, out var mounted, out var refusal)) return refusal!;
        return ApiResult.Ok(SensorJson.Whole(mounted));
    }

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var body = arguments.BodyObject();
        var id = arguments.OptionalId();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var definition = JsonObject.Create(body)!;
        if (id is not null && definition["name"] is null) definition["name"] = id;
        if (id is not null && definition["name"] is JsonValue name && name.TryGetValue<string>(out var text) && text != id) return AssertErrors.InvalidArgument("_id", "the \"name\" of the definition");

        var (added, fault) = await sensors.CreateAsync(definition, cancellationToken);
        return fault is null ? ApiResult.Ok(SensorJson.Whole(added!)) : fault;
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var id = arguments.Id();
        var body = arguments.BodyObject();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (changed, fault) = await sensors.UpdateAsync(id, body, cancellationToken);
        return fault is null ? ApiResult.Ok(SensorJson.Whole(changed!)) : fault;
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var id = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        return await sensors.DeleteAsync(id, cancellationToken) is { } fault ? fault : ApiResult.Ok(new JsonObject { ["_id"] = id });
    }

    private async ValueTask<ApiResult> ReadAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryFind(request, out var mounted, out var refusal)) return refusal!;

        var name = mounted.Sensor.Options.Name;
        if (await sensors.ReadAsync(mounted).WaitAsync(cancellationToken) is not { } measured) return SensorErrors.Unreadable(name, mounted.Sensor.State.Fault ?? "it has not answered in time.");
        if (Array.TrueForAll(measured, one => !one.IsGood)) return SensorErrors.Unreadable(name, measured[0].Fault!);

        return ApiResult.Ok(new JsonObject { ["_id"] = name, ["readings"] = SensorJson.Measured(mounted, measured) });
    }

    private async ValueTask<ApiResult> ScanAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var buses = request.Argument("buses") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } ? arguments.Texts("buses") : null;
        if (buses?.Any(bus => !int.TryParse(bus, NumberStyles.None, CultureInfo.InvariantCulture, out _)) == true) arguments.Refuse(AssertErrors.InvalidArgument("buses", "numbers of I2C buses"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var found = await sensors.ScanAsync(new ScanRequest { I2cBuses = buses is null ? null : [.. buses.Select(bus => int.Parse(bus, CultureInfo.InvariantCulture))] }, cancellationToken);
        return found is null ? SensorErrors.NoHardware() : ApiResult.Ok(ScanJson.Of(found));
    }

    private async ValueTask<ApiResult> HistoryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var size = arguments.Integer("size", 100);
        var from = TimeOf(request, "from", arguments);
        var to = TimeOf(request, "to", arguments);
        var channel = arguments.Text("channel", "");
        if (size is < 0 or > MaxHistory) arguments.Refuse(AssertErrors.InvalidArgument("size", $"a number from 0 to {MaxHistory}"));
        if (!TryFind(request, out var mounted, out var missing)) return missing!;
        if (arguments.AreWrong(out var refusal)) return refusal;

        var options = mounted.Sensor.Options;
        if (options.Store == ReadingStorage.None) return SensorErrors.NoHistory(options.Name);

        var collection = new CollectionName(options.Index, options.Collection);
        if (!api.Documents.Catalogue.TryGetCollection(collection, out _)) return ApiResult.Ok(new JsonObject { ["readings"] = new JsonArray(), ["total"] = 0 });

        var found = await api.Documents.SearchAsync(
            new SearchRequest { Targets = [collection], Body = QueryOf(options.Name, channel, from, to), Size = size }, cancellationToken);
        if (found.Refusal is { } unsearchable) return unsearchable;

        return ApiResult.Ok(new JsonObject
        {
            ["readings"] = new JsonArray([.. found.Hits.Select(hit => (JsonNode)SensorJson.Reading(hit.Document))]),
            ["total"] = found.Total,
        });
    }

    private bool TryFind(ApiRequest request, out MountedSensor mounted, out ApiError? refusal)
    {
        mounted = null!;
        var arguments = new Arguments(request);
        var id = arguments.Id();
        if (arguments.AreWrong(out refusal)) return false;
        if (sensors.Find(id) is { } found)
        {
            mounted = found;
            return true;
        }

        refusal = SensorErrors.NotFound(id);
        return false;
    }

    /// <summary>Milliseconds since 1970; null when it is not given.</summary>
    private static long? TimeOf(ApiRequest request, string name, Arguments arguments)
    {
        var given = request.Argument(name);
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out var time)) return time;
        if (given.ValueKind == JsonValueKind.String && long.TryParse(given.GetString(), CultureInfo.InvariantCulture, out time)) return time;
        if (given.ValueKind == JsonValueKind.String && given.TryGetDateTimeOffset(out var date)) return date.ToUnixTimeMilliseconds();

        arguments.Refuse(AssertErrors.InvalidArgument(name, "milliseconds since 1970, or a date in ISO 8601"));
        return null;
    }

    private static JsonElement QueryOf(string device, string channel, long? from, long? to)
    {
        var must = new JsonArray(Term("device", device));
        if (channel.Length > 0) must.Add((JsonNode)Term("channel", channel));
        if (from is not null || to is not null)
        {
            var range = new JsonObject();
            if (from is { } first) range["gte"] = first;
            if (to is { } last) range["lte"] = last;
            must.Add((JsonNode)new JsonObject { ["range"] = new JsonObject { ["timestamp"] = range } });
        }

        var body = new JsonObject
        {
            ["query"] = new JsonObject { ["bool"] = new JsonObject { ["must"] = must } },
            ["sort"] = new JsonArray(new JsonObject { ["timestamp"] = "desc" }),
        };
        return JsonElement.Parse(body.ToJsonString());
    }

    private static JsonObject Term(string field, string value) => new() { ["term"] = new JsonObject { [field] = value } };
}
