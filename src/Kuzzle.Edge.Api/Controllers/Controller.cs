using System.Collections.Frozen;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Controllers;

/// <summary>A controller: a name and its actions.</summary>
internal sealed class Controller(string name, IReadOnlyDictionary<string, ActionHandler> actions)
{
    public string Name { get; } = name;

    public FrozenDictionary<string, ActionHandler> Actions { get; } = actions.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>An action that is done at once.</summary>
    public static ActionHandler AtOnce(Func<ApiRequest, ApiResult> action) => (request, _) => ValueTask.FromResult(action(request));
}
