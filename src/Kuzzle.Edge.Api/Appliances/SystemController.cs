using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Appliances;

/// <summary>The controller <c>edge/system</c>: the box, for its operator. Like everything that the restricted roles do not name, it is for administrators.</summary>
internal sealed class SystemController(ApiOptions options, IDocumentStore store, TimeProvider clock, MeterSnapshots meters, IAppliance? appliance)
{
    /// <summary>As many as an answer should carry; the ring of the process holds about as many.</summary>
    private const int MaxLogLines = 1000;

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    public Controller Controller => new(EdgeControllers.System, new Dictionary<string, ActionHandler>(
    [
        new("info", Controllers.Controller.AtOnce(_ => ApiResult.Ok(Info()))),
        new("metrics", Controllers.Controller.AtOnce(_ => ApiResult.Ok(meters.Take()))),
        .. appliance is null ? [] : OfTheProcess(appliance),
    ], StringComparer.Ordinal));

    private static IEnumerable<KeyValuePair<string, ActionHandler>> OfTheProcess(IAppliance appliance) =>
    [
        new("health", Controllers.Controller.AtOnce(_ => ApiResult.Ok(ApplianceHealth.Describe(appliance.Conditions)))),
        new("config", Controllers.Controller.AtOnce(_ => ApiResult.Ok(appliance.DescribeConfiguration()))),
        new("logs", Controllers.Controller.AtOnce(request => Logs(request, appliance))),
        .. appliance.Backups is { } backups ? Of(backups) : [],
        .. appliance.Updates is { } updates ? Of(updates) : [],
    ];

    private static IEnumerable<KeyValuePair<string, ActionHandler>> Of(IBackupSource backups) =>
    [
        new("backup", async (request, cancellationToken) =>
            request.Connection.Protocol != "http" ? AssertErrors.UnsupportedProtocol(request.Connection.Protocol, "edge/system:backup")
            : await backups.TakeAsync(cancellationToken) is { } content ? ApiResult.File(result: null, content)
            : ProcessErrors.ActionLocked("backup")),
    ];

    private static IEnumerable<KeyValuePair<string, ActionHandler>> Of(ISystemUpdates updates) =>
    [
        new("getUpdate", async (_, cancellationToken) => ApiResult.Ok(await updates.DescribeAsync(cancellationToken))),
        new("update", async (request, cancellationToken) =>
            !TryReadOrder(request, out var order, out var refusal) ? refusal
            : updates.Begin(order) is { } fault ? fault
            : ApiResult.Ok(await updates.DescribeAsync(cancellationToken))),
        new("rollbackUpdate", async (_, cancellationToken) =>
            await updates.RollBackAsync(cancellationToken) is { } fault ? fault : ApiResult.Ok(new JsonObject { ["acknowledge"] = true })),
    ];

    /// <summary>A box fetches what it is to become over https only: the signature says who made it, not that it is the newest.</summary>
    private static bool TryReadOrder(ApiRequest request, [NotNullWhen(true)] out UpdateOrder? order, [NotNullWhen(false)] out ApiError? refusal)
    {
        order = null;
        var arguments = new Arguments(request);
        var body = arguments.BodyObject();
        if (arguments.AreWrong(out refusal)) return false;

        var address = TextOf(body, "url");
        var isAddress = Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps;
        if (address is null) arguments.Refuse(AssertErrors.MissingArgument("body.url"));
        else if (!isAddress) arguments.Refuse(AssertErrors.InvalidArgument("body.url", "an https address"));

        var sum = TextOf(body, "sha256");
        if (body.TryGetProperty("sha256", out _) && (sum is not { Length: 64 } || !sum.All(char.IsAsciiHexDigit)))
        {
            arguments.Refuse(AssertErrors.InvalidArgument("body.sha256", "64 hexadecimal digits"));
        }

        long? bytes = null;
        if (body.TryGetProperty("size", out var size))
        {
            if (size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var number) && number > 0) bytes = number;
            else arguments.Refuse(AssertErrors.InvalidArgument("body.size", "a number of bytes"));
        }

        var restarts = true;
        if (body.TryGetProperty("restart", out var restart))
        {
            if (restart.ValueKind is JsonValueKind.True or JsonValueKind.False) restarts = restart.GetBoolean();
            else arguments.Refuse(AssertErrors.InvalidType("body.restart", "boolean"));
        }

        if (arguments.AreWrong(out refusal)) return false;

        order = new UpdateOrder(url!, sum, bytes, restarts);
        return true;
    }

    private static string? TextOf(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ApiResult Logs(ApiRequest request, IAppliance appliance)
    {
        var arguments = new Arguments(request);
        var size = arguments.Integer("size", 100);
        if (size is < 0 or > MaxLogLines) arguments.Refuse(AssertErrors.InvalidArgument("size", $"a number from 0 to {MaxLogLines}"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var lines = new JsonArray([.. appliance.RecentLog(size).Select(entry => new JsonObject
        {
            ["time"] = entry.Time.ToUnixTimeMilliseconds(),
            ["level"] = entry.Level,
            ["source"] = entry.Source,
            ["message"] = entry.Message,
        })]);
        return ApiResult.Ok(new JsonObject { ["logs"] = lines });
    }

    private JsonObject Info()
    {
        var memory = GC.GetGCMemoryInfo();
        return new JsonObject
        {
            ["node"] = options.NodeName,
            ["version"] = options.Version,
            ["startedAt"] = _startedAt.ToUnixTimeMilliseconds(),
            ["uptime"] = (clock.GetUtcNow() - _startedAt).TotalSeconds,
            ["processId"] = Environment.ProcessId,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["os"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["cpus"] = Environment.ProcessorCount,
            ["processorTime"] = Environment.CpuUsage.TotalTime.TotalSeconds,
            ["memory"] = new JsonObject
            {
                ["used"] = Environment.WorkingSet,
                ["managed"] = GC.GetTotalMemory(forceFullCollection: false),
                ["available"] = memory.TotalAvailableMemoryBytes,
            },
            ["indexes"] = store.Catalogue.PublicIndexes.Count(),
            ["collections"] = store.Catalogue.PublicIndexes.Sum(index => index.Collections.Count),
        };
    }
}
