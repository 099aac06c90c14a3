using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>Keeps documents of a kind within an age and a number, in small steps.</summary>
internal sealed class DocumentSweep(KuzzleApi api, TimeProvider clock)
{
    /// <summary>Few enough that a device that publishes meanwhile hardly notices.</summary>
    private const int Step = 200;

    /// <summary>Removes the oldest of the documents that a query finds, until those that are left are young and few enough. Nothing happens where there is no such collection.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="timeField">The field that tells how old a document is, in milliseconds since 1970.</param>
    /// <param name="query">Which documents count.</param>
    /// <param name="maxAge">How old they may be; null without a bound.</param>
    /// <param name="maxCount">How many there may be; null without a bound.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <exception cref="DocumentStoreException">The store fails, or refuses the query.</exception>
    public async Task RunAsync(CollectionName collection, string timeField, string query, TimeSpan? maxAge, long? maxCount, CancellationToken cancellationToken)
    {
        if (!api.Documents.Catalogue.TryGetCollection(collection, out _)) return;

        if (maxAge is { } age)
        {
            var oldest = (clock.GetUtcNow() - age).ToUnixTimeMilliseconds();
            var old = FormattableString.Invariant($$$"""{"bool":{"filter":[{{{query}}},{"range":{"{{{timeField}}}":{"lt":{{{oldest}}} } } }] } }""");
            while (await RemoveAsync(collection, timeField, old, Step, cancellationToken) == Step)
            {
            }
        }

        if (maxCount is not { } count) return;

        var excess = (await api.Documents.CountAsync(collection, JsonElement.Parse(query), cancellationToken)).Total - count;
        while (excess > 0)
        {
            var removed = await RemoveAsync(collection, timeField, query, (int)Math.Min(Step, excess), cancellationToken);
            if (removed == 0) return;
            excess -= removed;
        }
    }

    /// <summary>Removes the oldest ones, and answers how many.</summary>
    private async Task<int> RemoveAsync(CollectionName collection, string timeField, string query, int most, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse($$$"""{"query":{{{query}}},"sort":[{"{{{timeField}}}":"asc"}]}""");
        var found = await api.Documents.SearchAsync(new SearchRequest { Targets = [collection], Body = body, Size = most }, cancellationToken);
        if (found.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);
        if (found.Hits.Count == 0) return 0;

        var outcomes = await api.Documents.WriteAsync(collection, [.. found.Hits.Select(hit => new DocumentRemoval(hit.Document.Id))], cancellationToken);
        return outcomes?.Count(outcome => outcome.Kind == DocumentChangeKind.Delete) ?? 0;
    }
}
