using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Devices.Sensors.Clocks;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>
/// Keeps documents of a kind within an age and a number, in small steps. An upstream keeps what was removed here, and what it has not got yet stays until it has.
/// </summary>
internal sealed class DocumentSweep(KuzzleApi api, BoardClock clock)
{
    /// <summary>Few enough that a device that publishes meanwhile hardly notices.</summary>
    private const int Step = 200;

    /// <summary>When so many of the oldest have to wait for the upstream, the younger ones mostly do, too: they are looked at the next time.</summary>
    private const int MostOwed = 5_000;

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
            foreach (var old in QueriesOfOlder(age, timeField, query))
            {
                var owed = 0;
                while (owed < MostOwed && await RemoveAsync(collection, timeField, old, owed, Step, cancellationToken) is { Found: Step } step) owed += step.Found - step.Removed;
            }
        }

        if (maxCount is not { } count) return;

        var excess = (await api.Documents.CountAsync(collection, JsonElement.Parse(query), cancellationToken)).Total - count;
        var passed = 0;
        while (excess > 0 && passed < MostOwed)
        {
            var (found, removed) = await RemoveAsync(collection, timeField, query, passed, (int)Math.Min(Step, excess), cancellationToken);
            if (found == 0) return;

            // What stays because the upstream has not got it is among the oldest, too: nothing younger goes in its place.
            passed += found - removed;
            excess -= found;
        }
    }

    /// <summary>Until somebody tells this machine the time, it may be years behind: how old documents of that time are, the clock says that nobody sets.</summary>
    private string[] QueriesOfOlder(TimeSpan age, string timeField, string query)
    {
        var undated = $$$"""{"bool":{"filter":[{"term":{"clock.boot":"{{{JsonEncodedText.Encode(clock.BootId)}}}"} },{"term":{"clock.synced":false} }] } }""";
        var oldest = (clock.Time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        var oldestUndated = clock.Milliseconds - (long)age.TotalMilliseconds;
        return
        [
            FormattableString.Invariant($$$"""{"bool":{"filter":[{{{query}}},{"range":{"{{{timeField}}}":{"lt":{{{oldest}}} } } }],"must_not":[{{{undated}}}] } }"""),
            FormattableString.Invariant($$$"""{"bool":{"filter":[{{{query}}},{{{undated}}},{"range":{"clock.mono":{"lt":{{{oldestUndated}}} } } }] } }"""),
        ];
    }

    /// <summary>Removes the oldest ones behind those that were passed over because they have to stay, and answers how many were found and removed.</summary>
    private async Task<(int Found, int Removed)> RemoveAsync(CollectionName collection, string timeField, string query, int passed, int most, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse($$$"""{"query":{{{query}}},"sort":[{"{{{timeField}}}":"asc"}]}""");
        var found = await api.Documents.SearchAsync(new SearchRequest { Targets = [collection], Body = body, From = passed, Size = most }, cancellationToken);
        if (found.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);
        if (found.Hits.Count == 0) return (0, 0);

        var outcomes = await api.Documents.WriteAsync(collection, [.. found.Hits.Select(hit => new LocalRemoval(hit.Document.Id, RemovalCondition.NothingWaits))], cancellationToken);
        return (found.Hits.Count, outcomes?.Count(outcome => outcome.Kind == DocumentChangeKind.Delete) ?? 0);
    }
}
