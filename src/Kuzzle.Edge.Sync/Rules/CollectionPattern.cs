using System.IO.Enumeration;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sync.Rules;

/// <summary>Which collections are meant: <c>index/collection</c>, where <c>*</c> stands for any run of characters within one of the two names.</summary>
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

    /// <summary>Whether the collection is meant.</summary>
    public bool Covers(CollectionName name) => Covers(_index, name.Index) && Covers(_collection, name.Collection);

    /// <summary>Whether collections of an index may be meant.</summary>
    public bool CoversSomeOf(string index) => Covers(_index, index);

    /// <summary>The one collection that is meant; null where a star stands for some.</summary>
    public CollectionName? Only => _index.Contains('*', StringComparison.Ordinal) || _collection.Contains('*', StringComparison.Ordinal) ? null : new CollectionName(_index, _collection);

    /// <summary>Whether <paramref name="target"/> keeps the names of different collections apart: where this one has a star, so has it, once.</summary>
    public bool Allows(CollectionPattern target) => Allows(_index, target._index) && Allows(_collection, target._collection);

    /// <summary>This pattern with the names of a collection in place of its stars.</summary>
    public CollectionName Fill(CollectionName name) =>
        new(_index.Replace("*", name.Index, StringComparison.Ordinal), _collection.Replace("*", name.Collection, StringComparison.Ordinal));

    /// <summary>The collection whose name, filled in <paramref name="target"/>, is the given one; null when there is none that this pattern covers.</summary>
    public CollectionName? Unfill(CollectionPattern target, CollectionName filled)
    {
        if (Unfill(_index, target._index, filled.Index) is not { } index || Unfill(_collection, target._collection, filled.Collection) is not { } collection) return null;

        var name = new CollectionName(index, collection);
        return Covers(name) ? name : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_index}/{_collection}";

    // Names hold neither ? nor \, the other two signs that this matcher gives a meaning; it needs no backtracking stack, whatever the pattern.
    private static bool Covers(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static bool Allows(string pattern, string target)
    {
        var stars = target.Count(letter => letter == '*');
        return pattern.Contains('*', StringComparison.Ordinal) ? stars == 1 : stars <= 1;
    }

    private static string? Unfill(string pattern, string target, string filled)
    {
        var star = target.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return target == filled ? pattern : null;

        var (before, after) = (target[..star], target[(star + 1)..]);
        return filled.Length > before.Length + after.Length && filled.StartsWith(before, StringComparison.Ordinal) && filled.EndsWith(after, StringComparison.Ordinal)
            ? filled[before.Length..^after.Length]
            : null;
    }
}
