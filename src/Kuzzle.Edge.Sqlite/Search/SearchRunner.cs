using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Search.Aggregations;
using Kuzzle.Edge.Sqlite.Search.Rows;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Runs a plan on a reader's thread.</summary>
internal static class SearchRunner
{
    /// <param name="total">How many documents match, when that is known already.</param>
    public static SearchOutcome Search(ReadConnection connection, SearchPlan plan, long maxPageBytes, long? total = null)
    {
        if (!AreAsPlanned(connection, plan)) plan = plan.WithoutIndexes();
        while (true)
        {
            try
            {
                return plan.Refusal is { } refusal ? SearchOutcome.Refused(refusal) : Run(connection, plan, maxPageBytes, total);
            }
            catch (SearchRefusedException refused)
            {
                // Some bounds are met only while documents are looked at.
                return SearchOutcome.Refused(refused.Refusal);
            }
            catch (SqliteException exception) when (exception.IsInterrupt && connection.TimedOut)
            {
                return SearchOutcome.Refused(SearchFaults.TooSlow());
            }
            catch (SqliteException exception) when (Gone(connection, plan, exception) is not null)
            {
                // Deleted since the search was planned: it holds nothing. Each round has one target less.
                plan = plan.Without(Gone(connection, plan, exception)!);
            }
        }
    }

    /// <summary>Begins a search whose pages are read one after the other; or says why it cannot be.</summary>
    public static ApiError? Open(ReadConnection connection, SearchPlan plan, long maxPageBytes, out SearchCursor? cursor)
    {
        cursor = null;
        if (!AreAsPlanned(connection, plan)) plan = plan.WithoutIndexes();
        while (true)
        {
            if (plan.Refusal is { } refusal) return refusal;
            try
            {
                var total = Count(connection, plan.Count!);
                var aggregations = Aggregate(connection, plan);
                var statement = plan.Page is null ? null : connection.Database.Prepare(plan.Page.Text);
                if (statement is not null) plan.Page!.Sql.Bind(statement);
                cursor = new SearchCursor(connection, plan, statement, total, aggregations, maxPageBytes);
                return null;
            }
            catch (SearchRefusedException refused)
            {
                return refused.Refusal;
            }
            catch (SqliteException exception) when (exception.IsInterrupt && connection.TimedOut)
            {
                return SearchFaults.TooSlow();
            }
            catch (SqliteException exception) when (Gone(connection, plan, exception) is not null)
            {
                plan = plan.Without(Gone(connection, plan, exception)!);
            }
        }
    }

    /// <summary>
    /// Whether the indexes are in this state of the database what they were when the search was planned. A commit between the two may have dropped one, or have
    /// brought the first document with several values.
    /// </summary>
    private static bool AreAsPlanned(ReadConnection connection, SearchPlan plan)
    {
        foreach (var index in plan.UsedIndexes)
        {
            using var find = connection.Database.Prepare("SELECT is_multi, built_to FROM field_indexes WHERE number = ?1");
            find.Bind(1, index.Number);
            if (!find.Step() || find.Int64(0) != 0 != index.IsMulti || !find.IsNull(1)) return false;
        }

        return true;
    }

    private static CollectionTable? Gone(ReadConnection connection, SearchPlan plan, SqliteException exception) =>
        plan.Tables.FirstOrDefault(table => DocumentReads.IsGone(connection, table, exception));

    private static SearchOutcome Run(ReadConnection connection, SearchPlan plan, long maxPageBytes, long? known)
    {
        List<SearchHit> hits = [];
        if (plan.Page is not null && !TryPage(connection, plan, plan.Page, maxPageBytes, hits))
        {
            return SearchOutcome.Refused(SearchFaults.TooLarge(maxPageBytes));
        }

        // A page that is not full ends at the last match.
        var tellsTotal = hits.Count < plan.Size && !plan.ContinuesAfter && (hits.Count > 0 || plan.From == 0);
        var total = tellsTotal ? plan.From + hits.Count : known ?? Count(connection, plan.Count!);
        return new SearchOutcome(Refusal: null, hits, total, Aggregate(connection, plan));
    }

    private static long Count(ReadConnection connection, SearchStatement count)
    {
        connection.Functions.Use(count.Sql.Tests, count.Sql.SortFields);
        using var statement = connection.Database.Prepare(count.Text);
        count.Sql.Bind(statement);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>False when the page has too many bytes.</summary>
    private static bool TryPage(ReadConnection connection, SearchPlan plan, SearchStatement page, long maxBytes, List<SearchHit> hits)
    {
        // Rows first and documents after: sorting carries keys only, not sources.
        var rows = plan.Walk is { } walk && IsWorthWalking(connection, walk) ? RowsOf(connection, walk.Page) : null;
        if (rows is null || (rows.Count < plan.Size && !plan.Walk!.IsComplete)) rows = RowsOf(connection, page);
        foreach (var (target, row, score) in rows)
        {
            var hit = Hit(connection, plan, target, row, score);
            maxBytes -= hit.Document.Json.Length;
            if (maxBytes < 0) return false;
            hits.Add(hit);
        }

        return true;
    }

    private static bool IsWorthWalking(ReadConnection connection, SortedWalk walk) =>
        walk.Probe is not { } probe || Count(connection, probe) >= SortedWalk.FewRows;

    private static List<(int Target, long Row, double Score)> RowsOf(ReadConnection connection, SearchStatement page)
    {
        var rows = new List<(int Target, long Row, double Score)>();
        connection.Functions.Use(page.Sql.Tests, page.Sql.SortFields);
        using var statement = connection.Database.Prepare(page.Text);
        page.Sql.Bind(statement);
        while (statement.Step()) rows.Add(((int)statement.Int64(0), statement.Int64(1), statement.Real(2)));
        return rows;
    }

    public static SearchHit Hit(ReadConnection connection, SearchPlan plan, int target, long row, double score)
    {
        var document = new HitReader(connection, plan.Tables).Read(target, row);
        return new SearchHit(plan.Tables[target].Name, document, plan.Source?.Apply(document.Source), plan.IsScored ? score : null)
        {
            Highlight = plan.Highlighter?.Mark(target, plan.Queries[target], document.Json.Span),
        };
    }

    private static JsonObject? Aggregate(ReadConnection connection, SearchPlan plan)
    {
        if (plan.Aggregations.Count == 0 || plan.Candidates is not { } candidates) return plan.HasAggregations ? [] : null;

        var run = new AggregationRun(new HitReader(connection, plan.Tables));
        var answers = new JsonObject?[plan.Aggregations.Count];
        if (plan.Only is { } source)
        {
            var indexed = new IndexedAggregations(connection.Database, source, run);
            for (var i = 0; i < answers.Length; i++) answers[i] = indexed.TryAnswer(plan.Aggregations[i]);
        }

        var collectors = plan.Aggregations.Where((_, i) => answers[i] is null).Select(aggregation => aggregation.Collect(run)).ToArray();
        if (collectors.Length > 0) Collect(connection, candidates, collectors);

        var answer = new JsonObject();
        var next = 0;
        for (var i = 0; i < answers.Length; i++) answer[plan.Aggregations[i].Name] = plan.Aggregations[i].WithMeta(answers[i] ?? collectors[next++].Finish());
        return answer;
    }

    private static void Collect(ReadConnection connection, SearchStatement candidates, Collector[] collectors)
    {
        connection.Functions.Use(candidates.Sql.Tests, candidates.Sql.SortFields);
        using var statement = connection.Database.Prepare(candidates.Text);
        candidates.Sql.Bind(statement);
        while (statement.Step())
        {
            var candidate = new Candidate((int)statement.Int64(0), statement.Int64(1), statement.Utf8(2), statement.Utf8(3));
            foreach (var collector in collectors) collector.Add(candidate);
        }
    }
}
