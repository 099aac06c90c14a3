using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Routes;

namespace Kuzzle.Edge.Api.Server;

/// <summary>The controller <c>server</c>: what this box is and how it is.</summary>
internal sealed class ServerController(
    ApiOptions options,
    IDocumentStore store,
    TimeProvider clock,
    Func<IReadOnlyList<Controller>> controllers,
    Func<CancellationToken, ValueTask<bool>> adminExists,
    IAppliance? appliance,
    Func<ISyncControl?> findLink)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("now", Controller.AtOnce(_ => ApiResult.Ok(new JsonObject { ["now"] = clock.GetUtcNow().ToUnixTimeMilliseconds() }))),
        new("info", Controller.AtOnce(_ => ApiResult.Ok(Info()))),
        new("openapi", Controller.AtOnce(OpenApi)),
        new("publicApi", Controller.AtOnce(_ => ApiResult.Ok(PublicApi()))),
        new("adminExists", async (_, cancellationToken) => ApiResult.Ok(new JsonObject { ["exists"] = await adminExists(cancellationToken) })),
        new("capabilities", Controller.AtOnce(_ => ApiResult.Ok(Capabilities()))),
        new("healthCheck", HealthCheckAsync),
        .. appliance is null ? [] : OfTheProcess(appliance),
    ];

    private static IEnumerable<KeyValuePair<string, ActionHandler>> OfTheProcess(IAppliance process) =>
        [new("getConfig", Controller.AtOnce(_ => ApiResult.Ok(process.DescribeConfiguration())))];

    /// <summary>What a client may count on, in numbers.</summary>
    private JsonObject Capabilities()
    {
        var limits = options.Limits;
        return new JsonObject
        {
            ["limits"] = new JsonObject
            {
                ["concurrentRequests"] = limits.ConcurrentRequests,
                ["requestsBufferSize"] = limits.RequestsBufferSize,
                ["requestsBufferWarningThreshold"] = limits.RequestsBufferWarningThreshold,
                ["requestsPerSecond"] = limits.RequestsPerSecond,
                ["documentsFetchCount"] = limits.DocumentsFetchCount,
                ["documentsWriteCount"] = limits.DocumentsWriteCount,
                ["subscriptionConditionsCount"] = limits.SubscriptionConditionsCount,
                ["subscriptionRooms"] = limits.SubscriptionRooms,
                ["subscriptionsPerConnection"] = limits.SubscriptionsPerConnection,
                ["subscriptionDocumentTTL"] = (long)limits.SubscriptionDocumentTtl.TotalMilliseconds,
                ["memoryStorageSize"] = limits.MemoryStorageBytes,
            },
            ["plugins"] = new JsonObject(),
            ["routes"] = PublicApi(),
            ["services"] = new JsonObject { ["storageEngine"] = "sqlite", ["internalCache"] = "memory", ["memoryStorage"] = "memory" },
            ["version"] = options.Version,
        };
    }

    private JsonObject Info() => new()
    {
        ["serverInfo"] = new JsonObject
        {
            ["kuzzle"] = new JsonObject
            {
                ["api"] = new JsonObject { ["routes"] = PublicApi() },
                ["application"] = new JsonObject { ["name"] = "kuzzle-edge", ["node"] = options.NodeName },
                ["memoryUsed"] = Environment.WorkingSet,
                ["nodeVersion"] = RuntimeInformation.FrameworkDescription,
                ["plugins"] = new JsonObject(),
                ["system"] = new JsonObject
                {
                    ["cpus"] = Environment.ProcessorCount,
                    ["memory"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                    ["architecture"] = RuntimeInformation.OSArchitecture.ToString(),
                    ["os"] = RuntimeInformation.OSDescription,
                },
                ["uptime"] = (clock.GetUtcNow() - _startedAt).TotalSeconds,
                ["version"] = options.Version,
            },
            ["services"] = new JsonObject { ["storageEngine"] = new JsonObject { ["type"] = "sqlite", ["indexes"] = store.Catalogue.PublicIndexes.Count() } },
        },
    };

    private JsonObject PublicApi() =>
        Routes.PublicApi.Describe(controllers().Select(controller => (controller.Name, (IEnumerable<string>)controller.Actions.Keys)));

    private ApiResult OpenApi(ApiRequest request)
    {
        if (!request.TryGetText("format", "json", out var format, out var refusal) || !request.TryGetText("scope", "kuzzle", out var scope, out refusal)) return refusal;
        if (format is not ("json" or "yaml")) return AssertErrors.UnexpectedArgument(format, "json, yaml");
        if (scope is not ("kuzzle" or "app")) return AssertErrors.UnexpectedArgument(scope, "kuzzle, app");

        // What an application adds in the cloud, the edge adds here: the controllers that Kuzzle has not.
        var actions = ApiActions.All.Where(action => IsHere(action) && action.Controller.StartsWith("edge/", StringComparison.Ordinal) == (scope == "app"));
        var document = OpenApiDocument.Of(actions, options.Version);
        return format == "json"
            ? ApiResult.File(document, ResultContent.Of("application/json", Encoding.UTF8.GetBytes(document.ToJsonString())))
            : ApiResult.File(YamlText.Of(document), ResultContent.Of("application/yaml", Encoding.UTF8.GetBytes(YamlText.Of(document))));
    }

    private bool IsHere(ApiAction action) =>
        controllers().FirstOrDefault(controller => controller.Name == action.Controller) is { } controller && controller.Actions.ContainsKey(action.Action);

    /// <summary>
    /// Kuzzle's three services by name, or those that are asked for: the caches are this process's own memory, so they answer when it does; the storage is asked. Where there is an
    /// upstream, it is one more: out of reach is orange, and no fault of this box.
    /// </summary>
    private async ValueTask<ApiResult> HealthCheckAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var asked = arguments.Text("services", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var services = new JsonObject();
        string? fault = null;
        if (IsAsked("internalCache")) services["internalCache"] = "green";
        if (IsAsked("memoryStorage")) services["memoryStorage"] = "green";
        if (IsAsked("storageEngine"))
        {
            // Reading is asked here; what was last refused to be written is known to the process.
            fault = await FindStorageFaultAsync(cancellationToken) ?? appliance?.Conditions.FirstOrDefault(condition => condition.Name == ApplianceCondition.Storage)?.Message;
            services["storageEngine"] = fault is null ? "green" : "red";
        }

        if (IsAsked("upstream") && findLink() is { Health: var link })
        {
            services["upstream"] = link.Level switch { SyncHealthLevel.Good => "green", SyncHealthLevel.Waiting => "orange", _ => "red" };
            if (link.Level == SyncHealthLevel.Broken) fault ??= link.Reason;
        }

        var health = new JsonObject { ["services"] = services, ["status"] = fault is null ? "green" : "red" };
        return fault is null ? ApiResult.Ok(health) : ApiResult.Mixed(health, CoreErrors.ServiceUnavailable(fault));

        bool IsAsked(string service) => asked.Length == 0 || asked.Contains(service, StringComparer.Ordinal);
    }

    private async ValueTask<string?> FindStorageFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.FindAsync(new CollectionName(Names.Internal, "health"), "probe", cancellationToken);
            return null;
        }
        catch (DocumentStoreException exception)
        {
            return exception.Message;
        }
    }
}
