using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Reading;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>A search whose statement stays open: a connection of its own that goes on seeing the state in which it began.</summary>
internal sealed class SearchScroll(SearchRequest request, Func<SearchRequest, SearchPlan> plan, string file, SqliteStoreOptions options, ReaderThreads threads, Action<SearchScroll> closed)
    : IDocumentScroll
{
    /// <summary>Of the database, in memory. It goes through once, so it needs little.</summary>
    private const int CacheKiB = 512;

    private ReadConnection? _connection;
    private SearchCursor? _cursor;
    private bool _isClosed;

    public async ValueTask<SearchOutcome> NextAsync(int count, CancellationToken cancellationToken) =>
        await threads.ReadAsync(_ => Next(count, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        try
        {
            await threads.ReadAsync(_ => Close(), CancellationToken.None);
        }
        catch (DocumentStoreException)
        {
            // The threads have ended with the store, and whoever ended them waits for nobody.
            Close();
        }

        closed(this);
    }

    private SearchOutcome Next(int count, CancellationToken cancellationToken)
    {
        if (_cursor is null && _connection is null)
        {
            _connection = new ReadConnection(file, CacheKiB);
            _connection.Limit(options.SearchTimeLimit, cancellationToken);
            _connection.Database.Execute("BEGIN");
            var planned = plan(request with { Size = int.MaxValue });
            return SearchRunner.Open(_connection, planned, options.MaxPageBytes, out _cursor) is { } refusal ? SearchOutcome.Refused(refusal) : Page(count);
        }

        _connection!.Limit(options.SearchTimeLimit, cancellationToken);
        return Page(count);
    }

    private SearchOutcome Page(int count)
    {
        try
        {
            return _cursor is null ? new SearchOutcome(Refusal: null, [], 0, Aggregations: null) : _cursor.Next(count);
        }
        catch (SqliteException exception) when (exception.IsInterrupt && _connection!.TimedOut)
        {
            return SearchOutcome.Refused(SearchFaults.TooSlow());
        }
    }

    private bool Close()
    {
        _cursor?.Dispose();
        _connection?.Dispose();
        (_cursor, _connection) = (null, null);
        return true;
    }
}
