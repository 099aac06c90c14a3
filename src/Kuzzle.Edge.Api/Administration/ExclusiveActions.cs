using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Administration;

/// <summary>Actions of which one can be under way at a time; another is refused rather than made to wait.</summary>
internal sealed class ExclusiveActions
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>The action, one at a time.</summary>
    /// <param name="name">What the error calls it.</param>
    public ActionHandler Once(string name, ActionHandler action) => async (request, cancellationToken) =>
    {
        if (!_underWay.TryAdd(name, true)) return ProcessErrors.ActionLocked(name);

        try
        {
            return await action(request, cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(name, out _);
        }
    };
}
