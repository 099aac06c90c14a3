namespace Kuzzle.Edge.Api.Documents;

/// <summary>What a <see cref="DocumentWrite"/> makes of a document.</summary>
public readonly record struct DocumentChange
{
    private DocumentChange(DocumentChangeKind kind, ReadOnlyMemory<byte> json)
    {
        Kind = kind;
        Json = json;
    }

    /// <summary>Which change it is.</summary>
    public DocumentChangeKind Kind { get; }

    /// <summary>For <see cref="DocumentChangeKind.Put"/>: the new source, as <see cref="StoredDocument.Json"/>.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Nothing is written; the outcome carries the document as it is.</summary>
    public static DocumentChange None { get; } = new(DocumentChangeKind.None, default);

    /// <summary>The document is removed.</summary>
    public static DocumentChange Delete { get; } = new(DocumentChangeKind.Delete, default);

    /// <summary>Refused: it exists already.</summary>
    public static DocumentChange AlreadyExists { get; } = new(DocumentChangeKind.AlreadyExists, default);

    /// <summary>Refused: it does not exist.</summary>
    public static DocumentChange NotFound { get; } = new(DocumentChangeKind.NotFound, default);

    /// <summary>The document is stored with this source; its version grows by one, or starts at 1.</summary>
    public static DocumentChange Put(ReadOnlyMemory<byte> json) => new(DocumentChangeKind.Put, json);
}
