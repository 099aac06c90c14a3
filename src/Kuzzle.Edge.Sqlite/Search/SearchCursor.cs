using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Reading;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>The open statement of a scroll.</summary>
internal sealed class SearchCursor(ReadConnection connection, SearchPlan plan, SqliteStatement? statement, long total, JsonObject? aggregations, long maxBytes) : IDisposable
{
    private JsonObject? _aggregations = aggregations;

    public SearchOutcome Next(int count)
    {
        if (statement is null) return new SearchOutcome(Refusal: null, [], total, _aggregations);
        var left = maxBytes;
        var hits = new List<SearchHit>();
        connection.Functions.Use(plan.Page!.Sql.Tests, plan.Page.Sql.SortFields);
        while (hits.Count < count && statement.Step())
        {
            var hit = SearchRunner.Hit(connection, plan, (int)statement.Int64(0), statement.Int64(1), statement.Real(2));
            left -= hit.Document.Json.Length;
            if (left < 0) return SearchOutcome.Refused(SearchFaults.TooLarge(maxBytes));
            hits.Add(hit);
        }

        var page = new SearchOutcome(Refusal: null, hits, total, _aggregations);
        _aggregations = null;
        return page;
    }

    public void Dispose() => statement?.Dispose();
}
