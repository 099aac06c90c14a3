namespace Kuzzle.Edge.Api.Documents;

/// <summary>The store could not do what it must: the disk is full, failing or read-only. The message says which, for the operator.</summary>
public sealed class DocumentStoreException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why, for the program.</summary>
    public DocumentStoreFault Fault { get; init; }
}
