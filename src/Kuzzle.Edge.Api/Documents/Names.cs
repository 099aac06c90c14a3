using System.Buffers;
using System.Text;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>Which names indexes and collections may have.</summary>
public static class Names
{
    /// <summary>The index that Kuzzle keeps for itself.</summary>
    public const string Internal = "kuzzle";

    /// <summary>The collection name that Kuzzle keeps for itself.</summary>
    public const string ReservedCollection = "_kuzzle_keep";

    /// <summary>How long a name may be, in bytes of UTF-8.</summary>
    public const int MaxBytes = 126;

    /// <summary>The characters that no name has.</summary>
    public static readonly SearchValues<char> Forbidden = SearchValues.Create("\\/*?\"<>| \t\r\n,+#:%&.");

    /// <summary>Whether an index, or a collection, may have that name, if nothing else has it.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0
        && name != "_all"
        && !name.AsSpan().ContainsAny(Forbidden)
        && string.Equals(name, name.ToLowerInvariant(), StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(name) <= MaxBytes;
}
