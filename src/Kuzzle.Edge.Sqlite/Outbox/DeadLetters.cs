using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>What the upstream has refused for good, as documents that can be searched. One goes when its entry does, and the other way round.</summary>
internal sealed class DeadLetters(CollectionName? place)
{
    private const string Mapping =
        """
        {"dynamic":"false","properties":{"index":{"type":"keyword"},"collection":{"type":"keyword"},"id":{"type":"keyword"},"reason":{"type":"text"},
        "attempts":{"type":"integer"},"parkedAt":{"type":"date"} } }
        """;

    /// <summary>Whether a collection holds them.</summary>
    public bool AreIn(CollectionName collection) => place == collection;

    /// <summary>By what it is about, so that one document has one letter.</summary>
    public static string IdOf(CollectionName collection, string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{collection.Index}/{collection.Collection}/{id}"))).AsSpan(0, 16));

    /// <summary>Shows an entry. One about a letter is not shown, or there would be no end.</summary>
    public void Show(WriteContext context, OutboxEntry entry, string reason, long now)
    {
        if (place is not { } letters || letters == entry.Collection) return;

        if (!context.Catalogue.TryGetTable(letters, out _)) new DefineCollection(letters, static before => before ?? new CollectionDefinition(JsonElement.Parse(Mapping), JsonElement.Parse("{}"))).Execute(context);
        var letter = new JsonObject
        {
            ["index"] = entry.Collection.Index,
            ["collection"] = entry.Collection.Collection,
            ["id"] = entry.Id,
            ["isDeletion"] = entry.Document is null,
            ["reason"] = reason,
            ["attempts"] = entry.Attempts + 1,
            ["parkedAt"] = now,
            ["_kuzzle_info"] = new JsonObject { ["author"] = null, ["createdAt"] = now, ["updatedAt"] = null, ["updater"] = null },
        };
        Write(context, letters, new Letter(IdOf(entry.Collection, entry.Id), Encoding.UTF8.GetBytes(letter.ToJsonString())));
    }

    /// <summary>Its entry is gone.</summary>
    public void Remove(WriteContext context, CollectionName collection, string id)
    {
        if (place is { } letters && context.Catalogue.TryGetTable(letters, out _)) Write(context, letters, new Letter(IdOf(collection, id), json: null));
    }

    private static void Write(WriteContext context, CollectionName letters, Letter letter) => new WriteDocuments(letters, [letter]).Apply(context);

    private sealed class Letter(string id, ReadOnlyMemory<byte>? json) : DocumentWrite(id)
    {
        public override DocumentChange Apply(StoredDocument? current) => json is { } shown ? DocumentChange.Put(shown) : current is null ? DocumentChange.None : DocumentChange.Delete;
    }
}
