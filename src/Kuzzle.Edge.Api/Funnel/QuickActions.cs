using System.Collections.Frozen;

namespace Kuzzle.Edge.Api.Funnel;

/// <summary>
/// Actions that need no more time than routing a message does: they touch neither the store nor a password, and their cost does not grow with what a client may
/// have stored. A small request for one may be answered on the thread that read it; handing it to another costs more than the action.
/// </summary>
internal static class QuickActions
{
    private static readonly FrozenSet<(string Controller, string Action)> Names =
        FrozenSet.Create<(string, string)>(("server", "now"), ("realtime", "count"), ("realtime", "publish"));

    public static bool Contains(string controller, string action) => Names.Contains((controller, action));
}
