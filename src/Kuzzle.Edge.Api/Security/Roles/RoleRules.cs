using System.Text.Json;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Security.Roles;

/// <summary>What a role must look like.</summary>
/// <param name="controllers">The controllers that there are here.</param>
internal sealed class RoleRules(Func<IReadOnlyDictionary<string, Controller>> controllers)
{
    /// <summary>The first fault, or null.</summary>
    /// <param name="body">The whole role.</param>
    /// <param name="isForced">Whether controllers and actions may be named that do not exist here: those of the server that this box stands before.</param>
    public ApiError? FindFault(string id, JsonElement body, bool isForced)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("controllers", out var named) || named.ValueKind == JsonValueKind.Null)
        {
            return AssertErrors.MissingArgument("body.controllers");
        }

        if (named.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType($"{id}.controllers", "object");
        if (!named.EnumerateObject().MoveNext()) return AssertErrors.EmptyArgument($"{id}.controllers");

        foreach (var controller in named.EnumerateObject())
        {
            if (FindShapeFault(controller) is { } fault) return fault;
        }

        if (!isForced && FindStranger(id, named) is { } stranger) return stranger;
        return id == DefaultSecurity.Anonymous && !new Role(id, named).AllowsLogin ? SecurityErrors.LoginRightRequired() : null;
    }

    private static ApiError? FindShapeFault(JsonProperty controller)
    {
        if (controller.Value.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType(controller.Name, "object");
        if (!controller.Value.EnumerateObject().MoveNext()) return AssertErrors.EmptyArgument(controller.Name);
        if (!controller.Value.TryGetProperty("actions", out var actions)) return AssertErrors.MissingArgument($"{controller.Name}.actions");
        if (actions.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType($"{controller.Name}.actions", "object");
        if (!actions.EnumerateObject().MoveNext()) return AssertErrors.EmptyArgument($"{controller.Name}.actions");

        foreach (var action in actions.EnumerateObject())
        {
            if (action.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return AssertErrors.InvalidType($"{controller.Name}.actions.{action.Name}", "boolean");
        }

        return null;
    }

    private ApiError? FindStranger(string id, JsonElement named)
    {
        foreach (var controller in named.EnumerateObject())
        {
            if (controller.Name == Role.Any) continue;
            if (!controllers().TryGetValue(controller.Name, out var known)) return SecurityErrors.UnknownController(id, controller.Name);

            foreach (var action in controller.Value.GetProperty("actions").EnumerateObject())
            {
                if (action.Name != Role.Any && !known.Actions.ContainsKey(action.Name)) return SecurityErrors.UnknownAction(id, action.Name, controller.Name);
            }
        }

        return null;
    }
}
