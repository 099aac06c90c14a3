using System.Globalization;
using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Testing.Hostile;

/// <summary>Everything that a store holds, as one text: indexes, collections with mappings and settings, documents with versions and contents.</summary>
public static class StoreFingerprint
{
    /// <summary>Changes when anything stored does; the hidden index included.</summary>
    public static async Task<string> OfAsync(IDocumentStore store)
    {
        var text = new StringBuilder();
        foreach (var index in store.Catalogue.Indexes)
        {
            text.Append(index.Name).Append('\n');
            foreach (var collection in index.CollectionNames)
            {
                var definition = index.Collections[collection];
                text.Append(CultureInfo.InvariantCulture, $" {collection} {definition.Mapping.GetRawText()} {definition.Settings.GetRawText()}\n");
                await AppendDocumentsAsync(text, store, new CollectionName(index.Name, collection));
            }
        }

        return text.ToString();
    }

    private static async Task AppendDocumentsAsync(StringBuilder text, IDocumentStore store, CollectionName collection)
    {
        for (long? after = 0; after is { } place;)
        {
            var page = await store.WalkAsync(collection, query: default, place, CancellationToken.None);
            foreach (var document in page.Documents)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {document.Id} {document.Version} {Encoding.UTF8.GetString(document.Json.Span)}\n");
            }

            after = page.Next;
        }
    }
}
