namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What the last word of a <see cref="Phrase"/> is.</summary>
internal enum PhraseEnd
{
    /// <summary>A word like the others.</summary>
    Word,

    /// <summary>The beginning of a word.</summary>
    Prefix,
}
