using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Server;

/// <summary>The controller <c>server</c>: what this box is and how it is.</summary>
internal sealed class ServerController(ApiOptions options, IDocumentStore store, TimeProvider clock, Func<IReadOnlyList<Controller>> controllers, Func<CancellationToken, ValueTask<bool>> adminExists)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    public Controller Controller => new("server", new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["now"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(new JsonObject { ["now"] = clock.GetUtcNow().ToUnixTimeMilliseconds() })),
        ["info"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(Info())),
        ["publicApi"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(PublicApi())),
        ["adminExists"] = async (_, cancellationToken) => ApiResult.Ok(new JsonObject { ["exists"] = await adminExists(cancellationToken) }),
        ["healthCheck"] = HealthCheckAsync,
    });

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

    private JsonObject PublicApi()
    {
        var api = new JsonObject();
        foreach (var controller in controllers().OrderBy(controller => controller.Name, StringComparer.Ordinal))
        {
            var actions = new JsonObject();
            foreach (var action in controller.Actions.Keys.Order(StringComparer.Ordinal))
            {
                actions[action] = new JsonObject { ["action"] = action, ["controller"] = controller.Name };
            }

            api[controller.Name] = actions;
        }

        return api;
    }

    /// <summary>Kuzzle's three services by name: the caches are this process's own memory, so they answer when it does; the storage is asked.</summary>
    private async ValueTask<ApiResult> HealthCheckAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string? fault = null;
        try
        {
            await store.FindAsync(new CollectionName(Names.Internal, "health"), "probe", cancellationToken);
        }
        catch (DocumentStoreException exception)
        {
            fault = exception.Message;
        }

        var health = new JsonObject
        {
            ["services"] = new JsonObject { ["internalCache"] = "green", ["memoryStorage"] = "green", ["storageEngine"] = fault is null ? "green" : "red" },
            ["status"] = fault is null ? "green" : "red",
        };
        return fault is null ? ApiResult.Ok(health) : ApiResult.Mixed(health, CoreErrors.ServiceUnavailable(fault));
    }
}
