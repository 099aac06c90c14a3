using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Routes;

/// <summary>What <c>server:publicApi</c> tells: the SDK's HTTP side builds its requests from it.</summary>
internal static class PublicApi
{
    /// <summary>The actions that are there, by controller, each with its routes.</summary>
    public static JsonObject Describe(IEnumerable<(string Controller, IEnumerable<string> Actions)> controllers)
    {
        var api = new JsonObject();
        foreach (var (controller, actions) in controllers.OrderBy(entry => entry.Controller, StringComparer.Ordinal))
        {
            var described = new JsonObject();
            foreach (var action in actions.Order(StringComparer.Ordinal)) described[action] = Describe(controller, action);
            api[controller] = described;
        }

        return api;
    }

    private static JsonObject Describe(string controller, string action)
    {
        var described = new JsonObject { ["action"] = action, ["controller"] = controller };
        if (ApiActions.Find(controller, action) is not { HttpRoutes.Count: > 0 } known) return described;

        var routes = new JsonArray();
        foreach (var route in known.HttpRoutes)
        {
            // Kuzzle has renamed "url" to "path" and writes both; the SDK reads the old name.
            routes.Add((JsonNode)new JsonObject { ["path"] = route.Path, ["url"] = route.Path, ["verb"] = route.Method });
        }

        described["http"] = routes;
        return described;
    }
}
