namespace Kuzzle.Edge.Api.Memory;

/// <summary>
/// Keys and values in the memory of this process, as Redis keeps them: texts and tables of texts, with an end if somebody set one. Nothing of it survives a restart.
/// Its size has a bound, and a write beyond is refused rather than another key thrown away. All members may be called from any thread.
/// </summary>
internal sealed class MemoryStorage(long maxBytes, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryEntry> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How many keys there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                DropExpired();
                return _entries.Count;
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _bytes = 0;
        }
    }

    /// <summary>All keys, the newest first.</summary>
    public IReadOnlyList<string> Keys()
    {
        lock (_lock)
        {
            DropExpired();
            return [.. _entries.Keys.Reverse()];
        }
    }

    /// <summary>The text of a key, or null.</summary>
    public MemoryFault Get(string key, out string? text)
    {
        lock (_lock)
        {
            text = Find(key)?.Text;
            return Find(key) is { Text: null } ? MemoryFault.WrongKind : MemoryFault.None;
        }
    }

    /// <summary>A copy of the table of a key, or null.</summary>
    public MemoryFault GetFields(string key, out IReadOnlyDictionary<string, string>? fields)
    {
        lock (_lock)
        {
            var entry = Find(key);
            fields = entry?.Fields is { } found ? new Dictionary<string, string>(found, StringComparer.Ordinal) : null;
            return entry is { Fields: null } ? MemoryFault.WrongKind : MemoryFault.None;
        }
    }

    /// <summary>The kind of a key's value, as Redis names it.</summary>
    public string TypeOf(string key)
    {
        lock (_lock)
        {
            return Find(key) switch
            {
                null => "none",
                { Text: not null } => "string",
                _ => "hash",
            };
        }
    }

    /// <summary>Stores texts, all or none.</summary>
    public MemoryFault Set(IReadOnlyList<KeyValuePair<string, string>> texts, long? expiresAt = null)
    {
        lock (_lock)
        {
            // The last one of a key counts, as in Redis.
            var last = texts.GroupBy(text => text.Key, StringComparer.Ordinal).Select(group => group.Last()).ToList();
            var growth = last.Sum(text => new MemoryEntry { Text = text.Value }.SizeUnder(text.Key) - (Find(text.Key)?.SizeUnder(text.Key) ?? 0));
            if (!HasRoomFor(growth)) return MemoryFault.Full;

            foreach (var (key, text) in last) Put(key, new MemoryEntry { Text = text, ExpiresAt = expiresAt });
            return MemoryFault.None;
        }
    }

    /// <summary>Stores a text if the key is there (or is not); says whether it did.</summary>
    public MemoryFault SetIf(bool isThere, string key, string text, long? expiresAt, out bool done)
    {
        lock (_lock)
        {
            done = Find(key) is not null == isThere;
            return done ? Set([new(key, text)], expiresAt) : MemoryFault.None;
        }
    }

    /// <summary>Makes another text of a key's (null when it has none) and keeps its end. The change answers null when there can be no such text.</summary>
    public MemoryFault Change(string key, Func<string?, string?> change, out string? before, out string? after)
    {
        lock (_lock)
        {
            after = null;
            var fault = Get(key, out before);
            if (fault != MemoryFault.None) return fault;

            after = change(before);
            return after is null ? MemoryFault.NotANumber : Set([new(key, after)], Find(key)?.ExpiresAt);
        }
    }

    /// <summary>Sets fields of a table, all or none; says how many are new.</summary>
    public MemoryFault SetFields(string key, IReadOnlyList<KeyValuePair<string, string>> fields, out int added)
    {
        lock (_lock)
        {
            added = 0;
            var entry = Find(key);
            if (entry is { Fields: null }) return MemoryFault.WrongKind;

            var changed = new Dictionary<string, string>(entry?.Fields ?? [], StringComparer.Ordinal);
            foreach (var (field, value) in fields)
            {
                if (changed.TryAdd(field, value)) added++;
                else changed[field] = value;
            }

            var next = new MemoryEntry { Fields = changed, ExpiresAt = entry?.ExpiresAt };
            if (!HasRoomFor(next.SizeUnder(key) - (entry?.SizeUnder(key) ?? 0))) return MemoryFault.Full;
            Put(key, next);
            return MemoryFault.None;
        }
    }

    /// <summary>Makes another value of a field, as <see cref="Change"/> does of a text.</summary>
    public MemoryFault ChangeField(string key, string field, Func<string?, string?> change, out string? after)
    {
        lock (_lock)
        {
            after = null;
            var fault = GetFields(key, out var fields);
            if (fault != MemoryFault.None) return fault;

            after = change(fields?.GetValueOrDefault(field));
            return after is null ? MemoryFault.NotANumber : SetFields(key, [new(field, after)], out _);
        }
    }

    /// <summary>Takes fields out of a table, and the table away with its last one.</summary>
    public MemoryFault RemoveFields(string key, IReadOnlyList<string> fields, out int removed)
    {
        lock (_lock)
        {
            removed = 0;
            var entry = Find(key);
            if (entry is null) return MemoryFault.None;
            if (entry.Fields is not { } table) return MemoryFault.WrongKind;

            foreach (var field in fields)
            {
                if (!table.Remove(field, out var value)) continue;
                _bytes -= MemoryEntry.SizeOf(field, value);
                removed++;
            }

            if (table.Count == 0) Drop(key);
            return MemoryFault.None;
        }
    }

    /// <summary>Removes keys; answers how many were there.</summary>
    public int Remove(IEnumerable<string> keys)
    {
        lock (_lock) return keys.Count(key => Find(key) is not null && Drop(key));
    }

    /// <summary>How many of these are there; one named twice counts twice.</summary>
    public int CountOf(IEnumerable<string> keys)
    {
        lock (_lock) return keys.Count(key => Find(key) is not null);
    }

    /// <summary>Gives a value another key, whatever that held.</summary>
    public MemoryFault Rename(string key, string newKey)
    {
        lock (_lock)
        {
            if (Find(key) is not { } entry) return MemoryFault.NoSuchKey;
            if (key == newKey) return MemoryFault.None;
            if (!HasRoomFor(entry.SizeUnder(newKey) - entry.SizeUnder(key))) return MemoryFault.Full;

            Drop(key);
            Put(newKey, entry);
            return MemoryFault.None;
        }
    }

    /// <summary>Sets when a key ends, or with null that it does not. False when there is no such key, or it had no end to take away.</summary>
    public bool Expire(string key, long? at)
    {
        lock (_lock)
        {
            if (Find(key) is not { } entry || (at is null && entry.ExpiresAt is null)) return false;

            entry.ExpiresAt = at;
            return true;
        }
    }

    /// <summary>How many milliseconds a key has left: -1 without an end, -2 without a key.</summary>
    public long TimeLeft(string key)
    {
        lock (_lock) return Find(key) switch
        {
            null => -2,
            { ExpiresAt: null } => -1,
            { ExpiresAt: { } at } => at - Now,
        };
    }

    private MemoryEntry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return null;
        if (entry.ExpiresAt is not { } at || at > Now) return entry;

        Drop(key);
        return null;
    }

    private void Put(string key, MemoryEntry entry)
    {
        Drop(key);
        _entries.Add(key, entry);
        _bytes += entry.SizeUnder(key);
    }

    private bool Drop(string key)
    {
        if (!_entries.Remove(key, out var entry)) return false;

        _bytes -= entry.SizeUnder(key);
        return true;
    }

    /// <summary>Only when the bound is met it matters that what has ended still takes room.</summary>
    private bool HasRoomFor(long growth)
    {
        if (growth <= 0 || _bytes + growth <= maxBytes) return true;

        DropExpired();
        return _bytes + growth <= maxBytes;
    }

    private void DropExpired()
    {
        var now = Now;
        foreach (var key in _entries.Where(entry => entry.Value.ExpiresAt <= now).Select(entry => entry.Key).ToList()) Drop(key);
    }
}
