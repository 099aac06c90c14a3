using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>A search through a collection of the upstream that is under way, page by page in the order of identifiers: of all of it, or of what changed lately.</summary>
/// <param name="local">What it is called here.</param>
/// <param name="rule">Its rule.</param>
/// <param name="since">By the upstream's clock: what changed before is not looked at; null for a comparison of everything, which finds what was deleted, too.</param>
/// <param name="beganAt">By the upstream's clock: what changes later may be missed by it.</param>
internal sealed class CollectionScan(CollectionName local, SyncRule rule, DateTimeOffset? since, DateTimeOffset beganAt)
{
    public CollectionName Local => local;

    public SyncRule Rule => rule;

    public DateTimeOffset BeganAt => beganAt;

    /// <summary>Whether everything is compared.</summary>
    public bool IsWhole => since is null;

    /// <summary>The last identifier of the page before.</summary>
    public string After { get; set; } = "";

    /// <summary>How many documents were looked at.</summary>
    public long Seen { get; set; }

    /// <summary>How many there are to be looked at.</summary>
    public long Total { get; set; }

    /// <summary>Writes the body of the search.</summary>
    public void WriteBody(Utf8JsonWriter request)
    {
        request.WriteStartObject("body");
        if (since is { } moment)
        {
            // By when it was created, too: a Kuzzle notes no update for a new document, nor for one that a multiple write replaced.
            request.WriteStartObject("query");
            request.WriteStartObject("bool");
            request.WriteStartArray("should");
            foreach (var field in (ReadOnlySpan<string>)["_kuzzle_info.updatedAt", "_kuzzle_info.createdAt"])
            {
                request.WriteStartObject();
                request.WriteStartObject("range");
                request.WriteStartObject(field);
                request.WriteNumber("gte", moment.ToUnixTimeMilliseconds());
                request.WriteEndObject();
                request.WriteEndObject();
                request.WriteEndObject();
            }

            request.WriteEndArray();
            request.WriteEndObject();
            request.WriteEndObject();
        }

        request.WriteStartArray("sort");
        request.WriteStringValue("_id");
        request.WriteEndArray();
        if (After.Length > 0)
        {
            // Not by a scroll, which ends with the connection, or when a slow line takes a minute for a page.
            request.WriteStartArray("search_after");
            request.WriteStringValue(After);
            request.WriteEndArray();
        }

        request.WriteEndObject();
    }
}
