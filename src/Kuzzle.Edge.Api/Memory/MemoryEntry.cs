namespace Kuzzle.Edge.Api.Memory;

/// <summary>What a key of the memory storage holds: a text, or a table of texts. One of the two is null.</summary>
internal sealed class MemoryEntry
{
    /// <summary>What an entry costs beside its text, by and large: tables, objects, references.</summary>
    private const int Overhead = 128;

    public string? Text { get; set; }

    public Dictionary<string, string>? Fields { get; init; }

    /// <summary>When it ends, in milliseconds since 1970; null is never.</summary>
    public long? ExpiresAt { get; set; }

    /// <summary>What it takes of memory, about.</summary>
    public long SizeUnder(string key) =>
        Overhead + (2L * (key.Length + (Text?.Length ?? 0))) + (Fields?.Sum(field => Overhead + (2L * (field.Key.Length + field.Value.Length))) ?? 0);

    /// <summary>What one field adds.</summary>
    public static long SizeOf(string field, string value) => Overhead + (2L * (field.Length + value.Length));
}
