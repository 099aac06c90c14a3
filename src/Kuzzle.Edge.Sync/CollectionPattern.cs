using System.IO.Enumeration;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync;

/// <summary>Which collections go up: <c>index/collection</c>, where <c>*</c> stands for any run of characters within one of the two names.</summary>
public sealed class CollectionPattern
{
    private readonly string _index;
    private readonly string _collection;

    private CollectionPattern(string index, string collection)
    {
        _index = index;
        _collection = collection;
    }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It is not two non-empty names with one slash between them.</exception>
    public static CollectionPattern Parse(string text)
    {
        var names = text.Split('/');
        return names is [{ Length: > 0 } index, { Length: > 0 } collection]
            ? new CollectionPattern(index, collection)
            : throw new FormatException($"A collection is written index/collection, with * for any name, such as \"plant/*\"; this is \"{text}\".");
    }

    /// <summary>Whether any of the patterns covers the collection.</summary>
    public static Func<CollectionName, bool> AnyOf(IEnumerable<string> patterns)
    {
        CollectionPattern[] all = [.. patterns.Select(Parse)];
        return name => Array.Exists(all, pattern => pattern.Covers(name));
    }

    /// <summary>Whether the collection goes up.</summary>
    public bool Covers(CollectionName name) => Covers(_index, name.Index) && Covers(_collection, name.Collection);

    // Names hold neither ? nor \, the other two signs that this matcher gives a meaning; it needs no backtracking stack, whatever the pattern.
    private static bool Covers(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
