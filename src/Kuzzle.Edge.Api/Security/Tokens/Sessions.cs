using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Security.Storage;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>Tokens and API keys from their making to their end, in memory and on the disk. Only fingerprints are kept.</summary>
internal sealed partial class Sessions : IDisposable
{
    /// <summary>Whoever logs in more often without logging out loses the oldest login: a client that forgets to keep its token must not fill the disk.</summary>
    private const int MostLoginsOfUser = 1000;

    private readonly SecurityDocuments _documents;
    private readonly TokenRegister _register;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private TokenSigner? _signer;
    private Task _cleaning = Task.CompletedTask;

    public Sessions(SecurityDocuments documents, TokenRegister register, TimeProvider clock, ILogger logger)
    {
        _documents = documents;
        _register = register;
        _clock = clock;
        _logger = logger;
        register.Expired = expired => _cleaning = CleanAsync(_cleaning, expired);
        register.Moved = moved => _cleaning = KeepInStepAsync(_cleaning, moved);
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes what is on the disk; what has expired meanwhile is removed.</summary>
    public async Task LoadAsync(byte[] secret, CancellationToken cancellationToken)
    {
        _signer = new TokenSigner(secret);
        await LoadAsync(SecurityCollections.Tokens, document => TokenOf(document, document.Id, TokenKind.Login), cancellationToken);
        await LoadAsync(
            SecurityCollections.ApiKeys,
            document => document.Source.TryGetProperty("fingerprint", out var fingerprint) ? TokenOf(document, fingerprint.GetString() ?? "", TokenKind.ApiKey) : null,
            cancellationToken);
    }

    /// <summary>The token of this text, while it is in force; else null.</summary>
    public Token? Find(string text) => _signer!.IsGenuine(text) ? _register.Find(TokenFingerprint.Of(text)) : null;

    /// <summary>Makes a login's token, which survives a restart.</summary>
    public async Task<(string Text, Token Token)> IssueAsync(string userId, long ttl, bool isSingleUse = false)
    {
        var now = Now;
        var expiresAt = ttl == Token.Never ? Token.Never : now + ttl;
        var text = _signer!.Sign(TokenKind.Login, userId, now, expiresAt);
        var token = new Token(TokenFingerprint.Of(text), userId, TokenKind.Login, expiresAt) { IssuedAt = now, IsSingleUse = isSingleUse, IsFloating = true };
        await _documents.PutAsync(SecurityCollections.Tokens, token.Fingerprint.ToString(), SourceOf(token));
        _register.Add(token);

        var logins = _register.Of(userId).Where(other => other.Kind == TokenKind.Login).ToList();
        if (logins.Count > MostLoginsOfUser) await RevokeAsync(logins.Take(logins.Count - MostLoginsOfUser));
        return (text, token);
    }

    /// <summary>Makes an API key. Its text is told once, here.</summary>
    /// <returns>What is stored of it and the text; null when there is a key of that identifier.</returns>
    public async Task<(StoredDocument Document, string Text)?> IssueKeyAsync(string id, string userId, long ttl, string description, Metadata metadata)
    {
        var now = Now;
        var expiresAt = ttl == Token.Never ? Token.Never : now + ttl;
        var text = _signer!.Sign(TokenKind.ApiKey, userId, now, expiresAt);
        var token = new Token(TokenFingerprint.Of(text), userId, TokenKind.ApiKey, expiresAt) { IssuedAt = now, KeyId = id, IsFloating = true };
        var source = new JsonObject
        {
            ["description"] = description,
            ["expiresAt"] = expiresAt,
            ["fingerprint"] = token.Fingerprint.ToString(),
            ["ttl"] = ttl,
            ["userId"] = userId,
        };
        var json = DocumentJson.Compose(JsonElement.Parse(source.ToJsonString()), metadata);
        var outcome = await _documents.WriteAsync(SecurityCollections.ApiKeys, new CreateDocument(id, json));
        if (outcome.Kind != DocumentChangeKind.Put) return null;

        _register.Add(token);
        return (outcome.After!, text);
    }

    /// <summary>Uses a single-use token up, on the disk too before anything is done with it. False when another request was faster.</summary>
    public async Task<bool> TryUseUpAsync(Token token)
    {
        if (!_register.TryUseUp(token)) return false;

        await _documents.DeleteAsync(SecurityCollections.Tokens, [token.Fingerprint.ToString()]);
        return true;
    }

    /// <summary>A new token for the user of an old one, which then holds for a moment only: for requests that are on their way.</summary>
    public async Task<(string Text, Token Token)> RefreshAsync(Token old, long ttl, TimeSpan grace)
    {
        var fresh = await IssueAsync(old.UserId, ttl);
        _register.Replace(old, fresh.Token, Now + (long)grace.TotalMilliseconds);
        await _documents.PutAsync(SecurityCollections.Tokens, old.Fingerprint.ToString(), SourceOf(old));
        return fresh;
    }

    /// <summary>Ends tokens and API keys, for ever when this completes.</summary>
    public Task RevokeAsync(IEnumerable<Token> tokens)
    {
        var change = new SecurityChange(_documents);
        Revoke(change, [.. tokens]);
        return change.CommitAsync();
    }

    /// <summary>Ends the logins of a user.</summary>
    public Task RevokeLoginsOfAsync(string userId) => RevokeAsync(_register.Of(userId).Where(token => token.Kind != TokenKind.ApiKey));

    /// <summary>Ends the logins and the API keys of a user.</summary>
    public void RevokeAllOf(SecurityChange change, string userId) => Revoke(change, _register.Of(userId));

    /// <summary>Completes when what had expired is off the disk.</summary>
    public Task WhenCleanAsync() => _cleaning;

    public void Dispose() => _register.Dispose();

    private void Revoke(SecurityChange change, IReadOnlyList<Token> tokens)
    {
        change.Delete(SecurityCollections.Tokens, tokens.Where(token => token.Kind == TokenKind.Login).Select(token => token.Fingerprint.ToString()));
        change.Delete(SecurityCollections.ApiKeys, tokens.Where(token => token.Kind == TokenKind.ApiKey).Select(token => token.KeyId!));
        change.WhenDone(() => _register.Revoke(tokens));
    }

    private static JsonObject SourceOf(Token token) => new() { ["userId"] = token.UserId, ["expiresAt"] = token.ExpiresAt, ["issuedAt"] = token.IssuedAt, ["singleUse"] = token.IsSingleUse };

    private Token? TokenOf(StoredDocument document, string fingerprint, TokenKind kind)
    {
        var source = document.Source;
        if (TokenFingerprint.Parse(fingerprint) is not { } print
            || !source.TryGetProperty("userId", out var user) || user.GetString() is not { } userId
            || !source.TryGetProperty("expiresAt", out var expiry) || !expiry.TryGetInt64(out var expiresAt))
        {
            return null;
        }

        // An API key says how long it holds, a login when it began.
        var issuedAt = source.TryGetProperty("issuedAt", out var issued) && issued.TryGetInt64(out var moment) ? moment
            : source.TryGetProperty("ttl", out var ttl) && ttl.TryGetInt64(out var duration) && duration != Token.Never ? expiresAt - duration
            : Now;
        var isOfUnsetClock = expiresAt != Token.Never && issuedAt < PlausibleTime.Earliest.ToUnixTimeMilliseconds();

        // Made before anybody knew the time, and the process ended before it was known: how much of its life is over cannot be told. It begins anew, which happens once.
        var isRedated = isOfUnsetClock && _clock.GetUtcNow() >= PlausibleTime.Earliest;
        if (isRedated) (issuedAt, expiresAt) = (Now, Now + expiresAt - issuedAt);
        return new Token(print, userId, kind, expiresAt)
        {
            IssuedAt = issuedAt,
            IsFloating = isOfUnsetClock && !isRedated,
            IsRedated = isRedated,
            KeyId = kind == TokenKind.ApiKey ? document.Id : null,
            IsSingleUse = source.TryGetProperty("singleUse", out var once) && once.ValueKind == JsonValueKind.True,
        };
    }

    private async Task LoadAsync(CollectionName collection, Func<StoredDocument, Token?> read, CancellationToken cancellationToken)
    {
        List<string> gone = [];
        List<Token> redated = [];
        foreach (var document in await _documents.AllAsync(collection, cancellationToken))
        {
            if (read(document) is { } token && _register.Add(token))
            {
                if (token.IsRedated) redated.Add(token);
            }
            else if (collection == SecurityCollections.Tokens)
            {
                gone.Add(document.Id);
            }
        }

        await _documents.DeleteAsync(collection, gone);
        await StoreExpiriesAsync(redated);
    }

    /// <summary>Takes what has moved with the clock to the disk, or the next process would find it expired for fifty years.</summary>
    private async Task KeepInStepAsync(Task before, IReadOnlyList<Token> moved)
    {
        await before;
        try
        {
            await StoreExpiriesAsync(moved);
            LogMoved(moved.Count);
        }
        catch (DocumentStoreException exception)
        {
            LogNotMoved(exception);
        }
    }

    private async Task StoreExpiriesAsync(IEnumerable<Token> tokens)
    {
        // Merged into what is there: one that was revoked meanwhile must not come back.
        foreach (var token in tokens.Where(token => token.Kind != TokenKind.Connection))
        {
            var (collection, id) = token.KeyId is { } key ? (SecurityCollections.ApiKeys, key) : (SecurityCollections.Tokens, token.Fingerprint.ToString());
            var changes = token.KeyId is null ? $$"""{"expiresAt":{{token.ExpiresAt}},"issuedAt":{{token.IssuedAt}}}""" : $$"""{"expiresAt":{{token.ExpiresAt}}}""";
            await _documents.WriteAsync(collection, new MergeDocument(id, JsonElement.Parse(changes)));
        }
    }

    /// <summary>Takes expired logins off the disk. API keys stay there, expired, for their owners to see.</summary>
    private async Task CleanAsync(Task before, IReadOnlyList<Token> expired)
    {
        await before;
        try
        {
            await _documents.DeleteAsync(SecurityCollections.Tokens, expired.Where(token => token.Kind == TokenKind.Login).Select(token => token.Fingerprint.ToString()));
        }
        catch (DocumentStoreException exception)
        {
            LogNotCleaned(exception); // Expired they are; the next start removes them.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The time of day was set; {Count} logins and API keys hold as long as they were meant to")]
    private partial void LogMoved(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time of day was set, and the expiry of logins and API keys could not be stored: after a restart some may have ended too early")]
    private partial void LogNotMoved(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired tokens could not be removed from the disk; the next start does it")]
    private partial void LogNotCleaned(Exception exception);
}
