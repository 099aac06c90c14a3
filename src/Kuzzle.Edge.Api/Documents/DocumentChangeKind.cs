namespace Kuzzle.Edge.Api.Documents;

/// <summary>The kinds of <see cref="DocumentChange"/>.</summary>
public enum DocumentChangeKind
{
    /// <summary>Nothing changes.</summary>
    None,

    /// <summary>A new source is stored.</summary>
    Put,

    /// <summary>The document is removed.</summary>
    Delete,

    /// <summary>Refused: it exists already.</summary>
    AlreadyExists,

    /// <summary>Refused: it does not exist.</summary>
    NotFound,
}
