using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Configuration;

/// <summary>A collection by its whole name.</summary>
internal sealed record NamedCollection(CollectionName Name)
{
    /// <summary>Reads <c>index/collection</c>; null when it is none that a client may have.</summary>
    public static NamedCollection? Parse(string text) =>
        text.Split('/') is [var index, var collection] && IsName(index) && IsName(collection) ? new NamedCollection(new CollectionName(index, collection)) : null;

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 126 && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');
}
