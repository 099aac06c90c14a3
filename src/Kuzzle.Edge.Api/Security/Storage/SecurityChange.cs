using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>
/// Changes that are stored together or not at all, and what follows from them in memory once they are. To be made and committed on one turn of the changes of security.
/// </summary>
internal sealed class SecurityChange(SecurityDocuments documents)
{
    private readonly List<PendingWrite> _writes = [];
    private readonly List<Action> _consequences = [];

    /// <summary>Adds a write.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="write">What.</param>
    /// <param name="whenStored">What follows in memory, if the document was stored.</param>
    public PendingWrite Write(CollectionName collection, DocumentWrite write, Action<StoredDocument>? whenStored = null)
    {
        var pending = new PendingWrite(collection, write);
        _writes.Add(pending);
        if (whenStored is not null) WhenDone(() => pending.IfStored(whenStored));
        return pending;
    }

    public void Put(CollectionName collection, string id, JsonObject source) => Write(collection, new PutDocument(id, SecurityDocuments.Utf8(source)));

    public void Delete(CollectionName collection, IEnumerable<string> ids)
    {
        foreach (var id in ids) Write(collection, new DeleteDocument(id));
    }

    /// <summary>Adds what follows in memory.</summary>
    public void WhenDone(Action consequence) => _consequences.Add(consequence);

    /// <summary>Stores everything, then lets it follow in memory, in the order in which it was added.</summary>
    /// <exception cref="DocumentStoreException">Nothing was stored, and nothing has changed in memory.</exception>
    public async Task CommitAsync()
    {
        var outcomes = await documents.WriteAsync([.. _writes.Select(pending => (pending.Collection, pending.Write))]);
        for (var i = 0; i < outcomes.Count; i++) _writes[i].Outcome = outcomes[i];
        foreach (var consequence in _consequences) consequence();
    }
}
