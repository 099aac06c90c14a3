using Kuzzle.Edge.Api.Routes.Tables;

namespace Kuzzle.Edge.Api.Routes;

/// <summary>All actions that clients may know of, with their HTTP routes. Whether one is there, the API says when it is asked.</summary>
public static class ApiActions
{
    private static readonly Dictionary<(string Controller, string Action), ApiAction> Known;

    static ApiActions()
    {
        All = [.. DocumentActions.All, .. SecurityActions.All, .. ServerActions.All, .. DeviceActions.All, .. MemoryActions.All];
        Known = All.ToDictionary(action => (action.Controller, action.Action));
    }

    /// <summary>The actions, by controller.</summary>
    public static IReadOnlyList<ApiAction> All { get; }

    /// <summary>The action of that name, or null when the table has none: then it has no HTTP route of its own, and <c>POST /_query</c> reaches it.</summary>
    public static ApiAction? Find(string controller, string action) => Known.GetValueOrDefault((controller, action));
}
