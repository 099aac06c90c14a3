using System.Buffers;
using System.Text;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>Which names indexes and collections may have.</summary>
internal static class Names
{
    /// <summary>The index that Kuzzle keeps for itself.</summary>
    public const string Internal = "kuzzle";

    /// <summary>The collection name that Kuzzle keeps for itself.</summary>
    public const string ReservedCollection = "_kuzzle_keep";

    private const int MaxBytes = 126;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\/*?\"<>| \t\r\n,+#:%&.");

    public static bool IsValid(string name) =>
        name.Length > 0
        && name != "_all"
        && !name.AsSpan().ContainsAny(Forbidden)
        && string.Equals(name, name.ToLowerInvariant(), StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(name) <= MaxBytes;
}
