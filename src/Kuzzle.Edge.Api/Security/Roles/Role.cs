using System.Text.Json;

namespace Kuzzle.Edge.Api.Security.Roles;

/// <summary>Which actions of which controllers are allowed; <c>*</c> stands for those that are not named. Immutable.</summary>
internal sealed class Role
{
    public const string Any = "*";

    private readonly Dictionary<string, Dictionary<string, bool>> _controllers = new(StringComparer.Ordinal);

    /// <param name="controllers">The member <c>controllers</c> of a role that was checked.</param>
    public Role(string id, JsonElement controllers)
    {
        Id = id;
        foreach (var controller in controllers.EnumerateObject())
        {
            _controllers[controller.Name] = controller.Value.GetProperty("actions").EnumerateObject()
                .ToDictionary(action => action.Name, action => action.Value.ValueKind == JsonValueKind.True, StringComparer.Ordinal);
        }
    }

    public string Id { get; }

    /// <summary>What is allowed, as (controller, action) pairs with wildcards.</summary>
    public IEnumerable<(string Controller, string Action, bool IsAllowed)> Entries =>
        _controllers.SelectMany(controller => controller.Value.Select(action => (controller.Key, action.Key, action.Value)));

    /// <summary>The entry of the controller itself comes before that of all, and in it the action itself before all.</summary>
    public bool Allows(string controller, string action)
    {
        if (!_controllers.TryGetValue(controller, out var actions) && !_controllers.TryGetValue(Any, out actions)) return false;
        return (actions.TryGetValue(action, out var allowed) || actions.TryGetValue(Any, out allowed)) && allowed;
    }

    /// <summary>Whether it lets clients log in.</summary>
    public bool AllowsLogin => Allows("auth", "login");

    /// <summary>Whether it says anything about a controller.</summary>
    public bool Names(string controller) => _controllers.ContainsKey(controller) || _controllers.ContainsKey(Any);
}
