namespace Kuzzle.Edge.Api.Memory;

/// <summary>Why the memory storage did not do what it was asked.</summary>
internal enum MemoryFault
{
    /// <summary>It did.</summary>
    None,

    /// <summary>The key holds another kind of value.</summary>
    WrongKind,

    /// <summary>The value is no number, or the sum would be none.</summary>
    NotANumber,

    /// <summary>There is no such key.</summary>
    NoSuchKey,

    /// <summary>There would be more in it than may be.</summary>
    Full,
}
