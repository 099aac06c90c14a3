namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>How the values of a field are read, which its mapping decides.</summary>
internal enum FieldKind
{
    /// <summary>Without a mapping: strings, numbers and booleans each as they are.</summary>
    Any,

    /// <summary>Everything is text, compared exactly and ordered by its UTF-8 bytes.</summary>
    Keyword,

    /// <summary>A number, or a string that reads as one.</summary>
    Number,

    /// <summary>True or false, or a string that reads as one.</summary>
    Boolean,

    /// <summary>Milliseconds since 1970, from a date string or a number.</summary>
    Date,

    /// <summary>The words of a text.</summary>
    Text,

    /// <summary>Points on the earth.</summary>
    Geo,

    /// <summary>The document's identifier.</summary>
    Id,

    /// <summary>A part of a nested object, which only a nested query sees.</summary>
    Hidden,
}
