using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Routes;

namespace Kuzzle.Edge.Api.Server;

/// <summary>The controller <c>server</c>: what this box is and how it is.</summary>
internal sealed class ServerController(ApiOptions options, IDocumentStore store, TimeProvider clock, Func<IReadOnlyList<Controller>> controllers)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    public Controller Controller => new("server", new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["now"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(new JsonObject { ["now"] = clock.GetUtcNow().ToUnixTimeMilliseconds() })),
        ["info"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(Info())),
        ["openapi"] = Controllers.Controller.AtOnce(OpenApi),
        ["publicApi"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(PublicApi())),
        ["adminExists"] = Controllers.Controller.AtOnce(_ => ApiResult.Ok(new JsonObject { ["exists"] = false })),
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

    private JsonObject PublicApi() =>
        Routes.PublicApi.Describe(controllers().Select(controller => (controller.Name, (IEnumerable<string>)controller.Actions.Keys)));

    private ApiResult OpenApi(ApiRequest request)
    {
        if (!request.TryGetText("format", "json", out var format, out var refusal) || !request.TryGetText("scope", "kuzzle", out var scope, out refusal)) return refusal;
        if (format is not ("json" or "yaml")) return AssertErrors.UnexpectedArgument(format, "json, yaml");
        if (scope is not ("kuzzle" or "app")) return AssertErrors.UnexpectedArgument(scope, "kuzzle, app");

        // An edge has no application code of its own, so "app" has the frame and no paths.
        var actions = scope == "app" ? [] : ApiActions.All.Where(IsHere);
        var document = OpenApiDocument.Of(actions, options.Version);
        return format == "json"
            ? ApiResult.File(document, ResultContent.Of("application/json", Encoding.UTF8.GetBytes(document.ToJsonString())))
            : ApiResult.File(YamlText.Of(document), ResultContent.Of("application/yaml", Encoding.UTF8.GetBytes(YamlText.Of(document))));
    }

    private bool IsHere(ApiAction action) =>
        controllers().FirstOrDefault(controller => controller.Name == action.Controller) is { } controller && controller.Actions.ContainsKey(action.Action);

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
