using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>
/// The tokens that are in force, and which connections use them. Looking one up takes no lock; everything else is guarded by one. When a token ends, its connections are
/// told through <see cref="Ended"/>, on the thread that ended it and not under the lock.
/// </summary>
/// <remarks>
/// Lifetimes run on the clock that nobody sets: a board without a battery begins in 1970, and when the network tells it the time, nobody must be thrown out; nor may a token live for
/// fifty years because the clock was late when it was loaded.
/// </remarks>
internal sealed class TokenRegister : IDisposable
{
    /// <summary>How late it may be noticed, while nobody asks, that the time of day was set. The timers of .NET would reach 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A clock that is kept right moves by less against the other; a step of this size is one that was set.</summary>
    private const long SmallestStep = 10_000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<TokenFingerprint, Token> _tokens = new();
    private readonly Dictionary<string, LinkedList<Token>> _byUser = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Token, long> _expiries = new();
    private readonly ITimer _timer;
    private long _difference; // of the two clocks

    public TokenRegister(TimeProvider clock)
    {
        _clock = clock;
        _difference = WallNow - Now;
        _timer = clock.CreateTimer(_ => Sweep(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A connection's token has ended.</summary>
    public Action<ClientConnection>? Ended { get; set; }

    /// <summary>Tokens have expired: what is kept of them can go.</summary>
    public Action<IReadOnlyList<Token>>? Expired { get; set; }

    /// <summary>The time of day was set, and with it the expiry of these was moved: what is kept of them must be, too.</summary>
    public Action<IReadOnlyList<Token>>? Moved { get; set; }

    /// <summary>Milliseconds of the clock that nobody sets.</summary>
    public long Now => _clock.GetTimestamp() / (_clock.TimestampFrequency / 1000);

    private long WallNow => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The token of that fingerprint, while it is in force; else null.</summary>
    public Token? Find(TokenFingerprint fingerprint)
    {
        FollowClock();
        return _tokens.TryGetValue(fingerprint, out var token) && token.IsInForceAt(Now) ? token : null;
    }

    /// <summary>All tokens of a user, oldest first.</summary>
    public IReadOnlyList<Token> Of(string userId)
    {
        lock (_lock) return _byUser.TryGetValue(userId, out var tokens) ? [.. tokens] : [];
    }

    /// <summary>Adds one. Its life begins now, as far as it is not over already by the time of day: then it is not added, and the answer is false.</summary>
    public bool Add(Token token)
    {
        FollowClock();
        lock (_lock)
        {
            token.Deadline = DeadlineOf(token);
            if (!token.IsInForceAt(Now)) return false;
            if (!_tokens.TryAdd(token.Fingerprint, token)) return true;
            if (!_byUser.TryGetValue(token.UserId, out var tokens)) _byUser.Add(token.UserId, tokens = []);
            tokens.AddLast(token);
            Expect(token);
            return true;
        }
    }

    /// <summary>From now on it is worth nothing, and those who used it are told. Idempotent.</summary>
    public void Revoke(IEnumerable<Token> tokens)
    {
        List<ClientConnection> orphans = [];
        lock (_lock)
        {
            foreach (var token in tokens) End(token, orphans);
        }

        Tell(orphans);
    }

    /// <summary>Uses a single-use token up. True for exactly one caller.</summary>
    public bool TryUseUp(Token token)
    {
        lock (_lock)
        {
            if (!token.IsInForceAt(Now)) return false;
            End(token, []);
            return true;
        }
    }

    /// <summary>The connection uses this token now. False when it has ended meanwhile.</summary>
    public bool TryLink(ClientConnection connection, Token token)
    {
        if (connection.Linked == token) return token.IsInForceAt(Now);

        lock (_lock)
        {
            if (token.IsRevoked) return false;
            connection.Linked?.Connections.Remove(connection);
            connection.Linked = token;
            token.Connections.Add(connection);
            return true;
        }
    }

    /// <summary>Those who used a token use another one now, and the old one ends at a time.</summary>
    public void Replace(Token old, Token replacement, long oldExpiresAt)
    {
        lock (_lock)
        {
            foreach (var connection in old.Connections)
            {
                connection.Linked = replacement;
                replacement.Connections.Add(connection);
            }

            old.Connections.Clear();
            old.ExpiresAt = oldExpiresAt;
            old.Deadline = DeadlineOf(old);
            Expect(old);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Forget(ClientConnection connection)
    {
        lock (_lock)
        {
            connection.Linked?.Connections.Remove(connection);
            connection.Linked = null;
            if (connection.Login is { Kind: TokenKind.Connection } login) End(login, []);
            connection.Login = null;
        }
    }

    /// <summary>Everything ends.</summary>
    public void RevokeAll() => Revoke([.. _tokens.Values]);

    public void Dispose() => _timer.Dispose();

    private void End(Token token, List<ClientConnection> orphans)
    {
        if (token.IsRevoked) return;

        token.IsRevoked = true;
        _tokens.TryRemove(token.Fingerprint, out _);
        if (_byUser.TryGetValue(token.UserId, out var tokens) && tokens.Remove(token) && tokens.Count == 0) _byUser.Remove(token.UserId);
        foreach (var connection in token.Connections) connection.Linked = null;
        orphans.AddRange(token.Connections);
        token.Connections.Clear();
    }

    private void Tell(List<ClientConnection> orphans)
    {
        foreach (var connection in orphans) Ended?.Invoke(connection);
    }

    /// <summary>What is left by the time of day, but never more than it was given: the time of day may be late.</summary>
    private long DeadlineOf(Token token)
    {
        if (token.ExpiresAt == Token.Never) return long.MaxValue;

        return Now + Math.Max(0, token.ExpiresAt - Math.Max(WallNow, token.IssuedAt));
    }

    /// <summary>
    /// Notices that the time of day was set. What floats goes with it; what does not ends when its time has come, and never later than it would have.
    /// </summary>
    private void FollowClock()
    {
        if (Math.Abs(WallNow - Now - Volatile.Read(ref _difference)) < SmallestStep) return;

        List<Token> moved = [];
        lock (_lock)
        {
            var step = WallNow - Now - _difference;
            if (Math.Abs(step) < SmallestStep) return; // Somebody else has seen to it.

            Volatile.Write(ref _difference, _difference + step);
            foreach (var token in _tokens.Values.Where(token => token.ExpiresAt != Token.Never))
            {
                if (token.IsFloating)
                {
                    token.ExpiresAt += step;
                    token.IssuedAt += step;
                    moved.Add(token);
                }
                else if (DeadlineOf(token) is var earlier && earlier < token.Deadline)
                {
                    token.Deadline = earlier;
                    Expect(token);
                }
            }
        }

        if (moved.Count > 0) Moved?.Invoke(moved);
    }

    private void Expect(Token token)
    {
        if (token.Deadline == long.MaxValue) return;

        if (_expiries.Count > 1000 + 2 * _tokens.Count) ForgetRevoked();
        _expiries.Enqueue(token, token.Deadline);
        if (_expiries.Peek() == token) SetTimer();
    }

    /// <summary>Who logs in and out all day with tokens for a year must not fill the memory with them.</summary>
    private void ForgetRevoked()
    {
        var alive = _expiries.UnorderedItems.Where(item => !item.Element.IsRevoked).ToList();
        _expiries.Clear();
        _expiries.EnqueueRange(alive);
    }

    private void SetTimer()
    {
        if (!_expiries.TryPeek(out _, out var next)) return;

        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next - Now, 0, (long)LongestWait.TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        FollowClock();
        List<Token> expired = [];
        List<ClientConnection> orphans = [];
        lock (_lock)
        {
            while (_expiries.TryPeek(out var token, out var due) && due <= Now)
            {
                _expiries.Dequeue();
                if (token.IsRevoked || token.Deadline != due) continue; // Ended already, or expected at another time.

                expired.Add(token);
                End(token, orphans);
            }

            SetTimer();
        }

        Tell(orphans);
        if (expired.Count > 0) Expired?.Invoke(expired);
    }
}
