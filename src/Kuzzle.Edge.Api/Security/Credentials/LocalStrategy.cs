using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>The strategy <c>local</c>: a user name and a password, one pair for each user, each name of one user. Changes are made by whoever holds the turn.</summary>
internal sealed class LocalStrategy(SecurityDocuments documents, SecurityBook book, SecurityOptions options, TimeProvider clock) : IDisposable
{
    public const string Name = "local";

    private readonly PasswordWork _work = new();
    private readonly LoginAttempts _attempts = new(clock);
    private readonly PasswordHash _decoy = PasswordHash.Decoy(options.PasswordIterations);

    /// <summary>Whose name and password these are. Takes as long for names that nobody has as for wrong passwords.</summary>
    /// <param name="connection">By which they came.</param>
    /// <param name="turn">Gives the turn of the changes of security, should the password be hashed anew.</param>
    public async Task<(string? Kuid, ApiError? Fault)> LoginAsync(
        ClientConnection connection, string userName, string password, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        if (!_attempts.TryBegin(connection, userName)) return (null, ProcessErrors.TooManyLogins());

        var known = book.CredentialsByName(userName);
        var hash = known?.Password ?? _decoy;
        var (isDone, isRight) = (false, false);
        try
        {
            (isDone, isRight) = await _work.TryRunAsync(() => hash.Verify(password), cancellationToken);
        }
        finally
        {
            if (!isDone) _attempts.GiveBack(connection, userName);
        }

        if (!isDone) return (null, ProcessErrors.Overloaded());
        if (known is null || !isRight) return (null, SecurityErrors.MissingUser("wrong username or password"));

        _attempts.Succeeded(connection, userName);
        if (hash.IsWeakerThan(options.PasswordIterations)) await StrengthenAsync(known, password, turn, cancellationToken);
        return (known.Kuid, null);
    }

    /// <summary>Reads credentials that shall be whole.</summary>
    public static bool TryRead(JsonElement given, [NotNullWhen(true)] out string? userName, [NotNullWhen(true)] out string? password, [NotNullWhen(false)] out ApiError? refusal)
    {
        password = null;
        if (!TryReadText(given, "username", out userName, out refusal) || !TryReadText(given, "password", out password, out refusal)) return false;

        refusal = userName is null ? SecurityErrors.OfStrategy(400, "The credentials need a \"username\".")
            : password is null ? SecurityErrors.OfStrategy(400, "The credentials need a \"password\".")
            : null;
        return refusal is null;
    }

    /// <summary>Whether a user may have that name: nobody else has it.</summary>
    public ApiError? FindNameFault(string userName, string kuid) => book.CredentialsByName(userName) is { } owner && owner.Kuid != kuid
        ? SecurityErrors.OfStrategy(412, $"The user name \"{userName}\" is taken.")
        : null;

    /// <summary>The hash of a new password; null when too many wait for one.</summary>
    public async Task<PasswordHash?> HashAsync(string password, CancellationToken cancellationToken) =>
        (await _work.TryRunAsync(() => PasswordHash.Create(password, options.PasswordIterations), cancellationToken)).Result;

    /// <summary>Stores a user's credentials in place of those it had.</summary>
    public void Put(SecurityChange change, LocalCredentials credentials)
    {
        change.Put(SecurityCollections.Credentials, credentials.Kuid, new JsonObject { ["username"] = credentials.UserName, ["password"] = credentials.Password.Text });
        change.WhenDone(() => book.PutCredentials(credentials));
    }

    /// <inheritdoc cref="Put"/>
    public Task PutAsync(LocalCredentials credentials)
    {
        var change = new SecurityChange(documents);
        Put(change, credentials);
        return change.CommitAsync();
    }

    /// <summary>Removes a user's credentials; nothing happens when it has none.</summary>
    public void Remove(SecurityChange change, string kuid)
    {
        if (book.CredentialsOf(kuid) is null) return;
        change.Delete(SecurityCollections.Credentials, [kuid]);
        change.WhenDone(() => book.RemoveCredentials(kuid));
    }

    /// <summary>Reads what credentials shall be made for a user who has none, or tells why they cannot be.</summary>
    public ApiError? FindCreationFault(string kuid, JsonElement given, out string? userName, out string? password)
    {
        if (!TryRead(given, out userName, out password, out var refusal)) return refusal;
        return book.CredentialsOf(kuid) is not null ? SecurityErrors.OfStrategy(412, $"The user \"{kuid}\" has credentials already.") : FindNameFault(userName, kuid);
    }

    /// <summary>Reads what shall change of a user's credentials (null for what stays), or tells why it cannot.</summary>
    public ApiError? FindUpdateFault(string kuid, JsonElement changes, out string? userName, out string? password)
    {
        (userName, password) = (null, null);
        if (book.CredentialsOf(kuid) is null) return NoneOf(kuid);
        if (!TryReadText(changes, "username", out userName, out var refusal) || !TryReadText(changes, "password", out password, out refusal)) return refusal;
        return userName is null ? null : FindNameFault(userName, kuid);
    }

    public static ApiError NoneOf(string kuid) => SecurityErrors.OfStrategy(400, $"The user \"{kuid}\" has no credentials of the strategy \"{Name}\".");

    /// <summary>What is stored, read back; null when it is no credentials.</summary>
    public static LocalCredentials? Read(StoredDocument document) =>
        document.Source.TryGetProperty("username", out var name) && document.Source.TryGetProperty("password", out var password)
        && name.GetString() is { } userName && PasswordHash.Parse(password.GetString() ?? "") is { } hash
            ? new LocalCredentials(document.Id, userName, hash)
            : null;

    public void Dispose() => _work.Dispose();

    private static bool TryReadText(JsonElement given, string name, out string? text, [NotNullWhen(false)] out ApiError? refusal)
    {
        text = null;
        refusal = null;
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (!string.IsNullOrEmpty(text)) return true;

        refusal = SecurityErrors.OfStrategy(400, $"The \"{name}\" of credentials must be a text that is not empty.");
        return false;
    }

    /// <summary>Its parameters are of another day, and now the password is known.</summary>
    private async Task StrengthenAsync(LocalCredentials known, string password, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        if (await HashAsync(password, cancellationToken) is not { } hash) return; // Too busy: another login will do it.

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (book.CredentialsOf(known.Kuid) == known) await PutAsync(known with { Password = hash });
        }
        finally
        {
            turn.Release();
        }
    }
}
