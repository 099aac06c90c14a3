namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>What a value is, after its mapping has been applied; in the order in which mixed values sort.</summary>
internal enum FieldValueType
{
    /// <summary>A number, or milliseconds since 1970.</summary>
    Number,

    /// <summary>Text, or one word of it.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A point on the earth; has no order.</summary>
    Point,
}
