using System.Collections.Frozen;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Controllers;

/// <summary>A controller: a name and its actions.</summary>
/// <param name="name">Its name in requests.</param>
/// <param name="actions">Its actions, by their names.</param>
public sealed class Controller(string name, IReadOnlyDictionary<string, ActionHandler> actions)
{
    /// <summary>Its name in requests.</summary>
    public string Name { get; } = name;

    /// <summary>Its actions, by their names.</summary>
    public FrozenDictionary<string, ActionHandler> Actions { get; } = actions.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>An action that is done at once.</summary>
    public static ActionHandler AtOnce(Func<ApiRequest, ApiResult> action) => (request, _) => ValueTask.FromResult(action(request));
}
