using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Koncorde.Lines;

/// <summary>The names whose filters are equal.</summary>
internal sealed class Room(string canonicalText)
{
    public string CanonicalText => canonicalText;

    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalText)));

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
}
