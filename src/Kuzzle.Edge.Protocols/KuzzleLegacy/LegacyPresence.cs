using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// Which names somebody is there for: connections that asked for something in a client's name, or that listen on the topic of a name. A script asks with one
/// connection and listens with another, so the rooms of a client last as long as any of them. Safe from any thread.
/// </summary>
internal sealed class LegacyPresence
{
    /// <summary>Of one connection; each costs a hundred bytes or two, plus its text.</summary>
    private const int MaxNames = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ClientConnection, HashSet<string>> _namesOf = [];
    private readonly Dictionary<string, int> _holders = new(StringComparer.Ordinal);

    /// <summary>The connection is there for a name, until <see cref="Release"/>. False when it is there for too many already.</summary>
    public bool TryHold(ClientConnection connection, string name)
    {
        lock (_lock)
        {
            if (!_namesOf.TryGetValue(connection, out var names)) _namesOf.Add(connection, names = new(StringComparer.Ordinal));
            if (names.Contains(name)) return true;
            if (names.Count >= MaxNames) return false;

            names.Add(name);
            _holders[name] = _holders.GetValueOrDefault(name) + 1;
            return true;
        }
    }

    /// <summary>The connection has gone. True when it was the last that was there for some name.</summary>
    public bool Release(ClientConnection connection)
    {
        lock (_lock)
        {
            if (!_namesOf.Remove(connection, out var names)) return false;

            var wasLast = false;
            foreach (var name in names)
            {
                if (--_holders[name] == 0) wasLast |= _holders.Remove(name);
            }

            return wasLast;
        }
    }

    /// <summary>Whether somebody is there for a name.</summary>
    public bool IsHeld(string name)
    {
        lock (_lock) return _holders.ContainsKey(name);
    }
}
