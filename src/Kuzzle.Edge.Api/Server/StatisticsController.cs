using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Funnel;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Server;

/// <summary>The actions of <c>server</c> that count.</summary>
internal sealed class StatisticsController(RequestStatistics statistics, StatisticsOptions options, RequestGate gate, RealtimeEngine realtime)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("metrics", Controller.AtOnce(_ => Metrics())),
        new("getLastStats", IfKept(_ => ApiResult.Ok(statistics.Last()))),
        new("getAllStats", IfKept(_ => Answer(statistics.Between(0, long.MaxValue)))),
        new("getStats", IfKept(Get)),
    ];

    private ActionHandler IfKept(Func<ApiRequest, ApiResult> action) =>
        Controller.AtOnce(request => options.Enabled ? action(request) : ServiceErrors.StatisticsNotAvailable());

    private static ApiResult Answer(JsonArray hits) => ApiResult.Ok(new JsonObject { ["total"] = hits.Count, ["hits"] = hits });

    private ApiResult Metrics()
    {
        var (running, waiting) = gate.Size;
        var (rooms, connections) = realtime.Size;
        return ApiResult.Ok(new JsonObject
        {
            ["api"] = new JsonObject { ["concurrentRequests"] = running, ["pendingRequests"] = waiting },
            ["network"] = new JsonObject { ["connections"] = statistics.Connections() },
            ["realtime"] = new JsonObject { ["rooms"] = rooms, ["subscriptions"] = connections },
        });
    }

    private ApiResult Get(ApiRequest request)
    {
        if (!TryReadTime(request, "startTime", 0, out var from) || !TryReadTime(request, "stopTime", long.MaxValue, out var to))
        {
            var wrong = TryReadTime(request, "startTime", 0, out _) ? "stopTime" : "startTime";
            return AssertErrors.InvalidArgument(wrong, "a number of milliseconds since 1970, or a date");
        }

        return Answer(statistics.Between(from, to));
    }

    private static bool TryReadTime(ApiRequest request, string name, long byDefault, out long time)
    {
        time = byDefault;
        var given = request.Argument(name);
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return true;
        if (given.ValueKind == JsonValueKind.Number) return given.TryGetInt64(out time);
        if (given.ValueKind != JsonValueKind.String) return false;

        var text = given.GetString()!;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out time)) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return false;

        time = date.ToUnixTimeMilliseconds();
        return true;
    }
}
