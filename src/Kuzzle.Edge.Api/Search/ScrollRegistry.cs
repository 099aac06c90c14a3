using System.Security.Cryptography;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Search;

/// <summary>The scrolls that are open, by their identifiers; one that nobody asks for in time is closed. All members may be called from any thread.</summary>
public sealed class ScrollRegistry(IDocumentStore store, TimeProvider clock)
{
    /// <summary>
    /// However often it is prolonged. The database's log keeps growing as long as a scroll is open, and a client that forgets to stop must not fill the disk.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Scroll> _scrolls = new(StringComparer.Ordinal);

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _scrolls.Count;
        }
    }

    /// <summary>Begins a scroll and answers its first page. The request's size is the size of the pages.</summary>
    public async ValueTask<ScrollPage> OpenAsync(SearchRequest request, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (request.From > 0) return Refused(StorageErrors.UnexpectedBadRequest("using [from] is not allowed in a scroll context"));
        if (request.Size <= 0) return Refused(StorageErrors.UnexpectedBadRequest("[size] cannot be [0] in a scroll context"));
        if (await store.OpenScrollAsync(request, cancellationToken) is not { } opened)
        {
            return Refused(StorageErrors.UnexpectedBadRequest("Trying to create too many scroll contexts: let one of those that are open end first."));
        }

        var scroll = new Scroll(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), opened, request.Size, clock.GetUtcNow() + LongestLife);
        scroll.Timer = clock.CreateTimer(_ => Expire(scroll), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_lock) _scrolls.Add(scroll.Id, scroll);
        await scroll.Turn.WaitAsync(cancellationToken);
        return await NextAsync(scroll, duration, cancellationToken);
    }

    /// <summary>The next page, or null when there is no such scroll (any more).</summary>
    public async ValueTask<ScrollPage?> NextAsync(string id, TimeSpan duration, CancellationToken cancellationToken)
    {
        Scroll? scroll;
        lock (_lock)
        {
            if (!_scrolls.TryGetValue(id, out scroll)) return null;
        }

        await scroll.Turn.WaitAsync(cancellationToken);
        if (!scroll.IsClosed) return await NextAsync(scroll, duration, cancellationToken);

        scroll.Turn.Release();
        return null;
    }

    private static ScrollPage Refused(ApiError refusal) => new("", SearchOutcome.Refused(refusal), 0);

    /// <summary>Whoever calls has the turn, which ends here.</summary>
    private async ValueTask<ScrollPage> NextAsync(Scroll scroll, TimeSpan duration, CancellationToken cancellationToken)
    {
        var goesOn = false;
        try
        {
            scroll.Timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var found = await scroll.Matches.NextAsync(scroll.Size, cancellationToken);
            scroll.Fetched += found.Hits.Count;
            var remaining = found.Refusal is null && found.Hits.Count > 0 ? Math.Max(0, found.Total - scroll.Fetched) : 0;
            var left = scroll.Ends - clock.GetUtcNow();
            goesOn = remaining > 0 && left > TimeSpan.Zero;
            if (goesOn) scroll.Timer.Change(duration < left ? duration : left, Timeout.InfiniteTimeSpan);
            return new ScrollPage(scroll.Id, found, remaining);
        }
        finally
        {
            if (!goesOn) await CloseAsync(scroll);
            scroll.Turn.Release();
        }
    }

    private void Expire(Scroll scroll)
    {
        // Whoever has the turn has stopped the timer and decides by himself.
        if (!scroll.Turn.Wait(0)) return;
        lock (_lock) _scrolls.Remove(scroll.Id);
        scroll.Expiry = CloseInTurnAsync(scroll);
    }

    private async Task CloseInTurnAsync(Scroll scroll)
    {
        try
        {
            await CloseAsync(scroll);
        }
        finally
        {
            scroll.Turn.Release();
        }
    }

    private async ValueTask CloseAsync(Scroll scroll)
    {
        lock (_lock) _scrolls.Remove(scroll.Id);
        if (scroll.IsClosed) return;
        scroll.IsClosed = true;
        await scroll.Timer!.DisposeAsync();
        await scroll.Matches.DisposeAsync();
    }

    private sealed class Scroll(string id, IDocumentScroll matches, int size, DateTimeOffset ends)
    {
        public string Id => id;

        public IDocumentScroll Matches => matches;

        public int Size => size;

        /// <summary>When it ends, however often it is asked for.</summary>
        public DateTimeOffset Ends => ends;

        /// <summary>Held by whoever reads a page or closes; never disposed, since somebody may still wait for it.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public ITimer? Timer { get; set; }

        /// <summary>The closing that the timer began. The store waits for it when it closes.</summary>
        public Task? Expiry { get; set; }

        public long Fetched { get; set; }

        public bool IsClosed { get; set; }
    }
}
