using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Routes;

/// <summary>The OpenAPI 3.0 description of the HTTP routes, for tools that make clients and forms of it.</summary>
internal static class OpenApiDocument
{
    /// <summary>The description of these actions.</summary>
    public static JsonObject Of(IEnumerable<ApiAction> actions, string version)
    {
        var paths = new JsonObject();
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var action in actions)
        {
            if (action.HttpRoutes.Count > 0) tags.Add(action.Controller);
            for (var i = 0; i < action.HttpRoutes.Count; i++)
            {
                var route = action.HttpRoutes[i];
                var path = PathOf(route);
                if (paths[path] is not JsonObject methods) paths[path] = methods = [];
                methods[route.Method.ToLowerInvariant()] = Operation(action, route, i);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "Kuzzle.Edge",
                ["description"] = "The Kuzzle API of this gateway over HTTP.",
                ["version"] = version,
            },
            ["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = Components(),
        };
    }

    private static string PathOf(HttpRoute route) =>
        "/" + string.Join('/', route.Segments.Select(segment => HttpRoute.IsArgument(segment) ? $"{{{segment[1..]}}}" : segment));

    private static JsonObject Operation(ApiAction action, HttpRoute route, int number)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(action.Controller),
            ["summary"] = $"{action.Controller}:{action.Action}",
            ["operationId"] = number == 0 ? $"{action.Controller}.{action.Action}" : $"{action.Controller}.{action.Action}.{number + 1}",
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }),
        };
        if (route.IsDeprecated) operation["deprecated"] = true;
        if (Parameters(action, route) is { Count: > 0 } parameters) operation["parameters"] = parameters;
        if (action.TakesBody && route.Method != "GET") operation["requestBody"] = RequestBody(action);
        operation["responses"] = new JsonObject
        {
            ["200"] = Response("The action's result.", "Answer"),
            ["default"] = Response("Why the action failed; the status is that of the error.", "Answer"),
        };
        return operation;
    }

    private static JsonArray Parameters(ApiAction action, HttpRoute route)
    {
        var parameters = new JsonArray();
        foreach (var name in route.PathArguments) parameters.Add((JsonNode)Parameter(name, "path", isRequired: true, new JsonObject { ["type"] = "string" }));

        var inQuery = route.Method == "GET" ? action.Arguments.Concat(action.BodyMembers) : action.Arguments;
        foreach (var argument in inQuery.DistinctBy(argument => argument.Name).ExceptBy(route.PathArguments, argument => argument.Name))
        {
            // A required one may also stand in the body, where the route takes one.
            parameters.Add((JsonNode)Parameter(argument.Name, "query", argument.IsRequired, Schema(argument)));
        }

        return parameters;
    }

    private static JsonObject Parameter(string name, string place, bool isRequired, JsonObject schema) =>
        new() { ["name"] = name, ["in"] = place, ["required"] = isRequired, ["schema"] = schema };

    private static JsonObject RequestBody(ApiAction action)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (!action.IsWholeBody)
        {
            var properties = new JsonObject();
            foreach (var member in action.BodyMembers) properties[member.Name] = Schema(member);
            schema["properties"] = properties;
            var required = new JsonArray([.. action.BodyMembers.Where(member => member.IsRequired).Select(member => JsonValue.Create(member.Name))]);
            if (required.Count > 0) schema["required"] = required;
        }

        return new JsonObject
        {
            ["required"] = action.NeedsBody,
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
        };
    }

    private static JsonObject Schema(ActionArgument argument)
    {
        var schema = argument.Kind switch
        {
            ArgumentKind.Flag => new JsonObject { ["type"] = "boolean" },
            ArgumentKind.Integer => new JsonObject { ["type"] = "integer" },
            ArgumentKind.Number => new JsonObject { ["type"] = "number" },
            ArgumentKind.List => new JsonObject { ["type"] = "array", ["items"] = new JsonObject() },
            ArgumentKind.Object => new JsonObject { ["type"] = "object" },
            _ => new JsonObject { ["type"] = "string" },
        };
        if (argument.Choices.Count > 0) schema["enum"] = new JsonArray([.. argument.Choices.Select(choice => JsonValue.Create(choice))]);
        return schema;
    }

    private static JsonObject Response(string description, string schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(schema) } },
    };

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static JsonObject Components() => new()
    {
        ["securitySchemes"] = new JsonObject
        {
            ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A token of auth:login, or an API key." },
        },
        ["schemas"] = new JsonObject
        {
            ["Answer"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("requestId", "status", "error", "result"),
                ["properties"] = new JsonObject
                {
                    ["requestId"] = Type("string"),
                    ["status"] = Type("integer"),
                    ["error"] = new JsonObject { ["nullable"] = true, ["allOf"] = new JsonArray(Reference("Error")) },
                    ["controller"] = Nullable("string"),
                    ["action"] = Nullable("string"),
                    ["collection"] = Nullable("string"),
                    ["index"] = Nullable("string"),
                    ["volatile"] = Nullable("object"),
                    ["result"] = new JsonObject { ["nullable"] = true, ["description"] = "What the action answers; of any type." },
                    ["node"] = Type("string"),
                },
            },
            ["Error"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("id", "code", "message", "status"),
                ["properties"] = new JsonObject
                {
                    ["id"] = Type("string"),
                    ["code"] = Type("integer"),
                    ["message"] = Type("string"),
                    ["status"] = Type("integer"),
                    ["props"] = new JsonObject { ["type"] = "array", ["items"] = Type("string") },
                    ["errors"] = new JsonObject { ["type"] = "array", ["items"] = Type("object") },
                    ["count"] = Type("integer"),
                },
            },
        },
    };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Nullable(string type) => new() { ["type"] = type, ["nullable"] = true };
}
