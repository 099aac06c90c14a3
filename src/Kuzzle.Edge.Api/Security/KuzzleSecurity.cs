using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Storage;
using Kuzzle.Edge.Api.Security.Tokens;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Api.Security;

/// <summary>Everything security is made of, around one store. Changes take turns: each is on the disk and in memory before the next begins.</summary>
internal sealed class KuzzleSecurity : IDisposable
{
    private const string JwtId = "jwt";
    private const string RightsId = "rights";
    private const int SecretBytes = 64;

    private readonly FreshRights _freshRights;
    private readonly TimeProvider _clock;
    private volatile bool _isOpen;

    public KuzzleSecurity(ApiOptions options, IDocumentStore store, TimeProvider clock, ILogger logger, IOwnership? ownership = null)
    {
        _freshRights = options.FreshRights;
        _clock = clock;
        Ownership = ownership;
        Options = options.Security;
        Documents = new SecurityDocuments(store);
        Tokens = new TokenRegister(clock);
        Sessions = new Sessions(Documents, Tokens, clock, logger);
        Local = new LocalStrategy(Documents, Book, Options, clock);
    }

    public SecurityOptions Options { get; }

    /// <summary>What is known outside the store of the box's owner; null: nothing.</summary>
    public IOwnership? Ownership { get; }

    /// <summary>Whether there was an administrator once and is none now: the database is another one. False before the store was read.</summary>
    public bool HasLostAdmin => _isOpen && !Book.AdminExists && Ownership is { IsClaimed: true };

    public SecurityDocuments Documents { get; }

    public SecurityBook Book { get; } = new();

    public TokenRegister Tokens { get; }

    public Sessions Sessions { get; }

    public LocalStrategy Local { get; }

    /// <summary>The turn of the changes of security.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Reads what is on the disk, once; makes what must be there. When that fails, the next caller tries again.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_isOpen) return;

        await Turn.WaitAsync(cancellationToken);
        try
        {
            if (_isOpen) return;
            await Documents.EnsureAsync(cancellationToken);
            foreach (var role in await Documents.AllAsync(SecurityCollections.Roles, cancellationToken)) Book.PutRole(role);
            foreach (var profile in await Documents.AllAsync(SecurityCollections.Profiles, cancellationToken)) Book.PutProfile(profile);
            foreach (var user in await Documents.AllAsync(SecurityCollections.Users, cancellationToken)) Book.PutUser(user);
            await LoadCredentialsAsync(cancellationToken);
            await Sessions.LoadAsync(await SecretAsync(cancellationToken), cancellationToken);
            await MakeDefaultsAsync(cancellationToken);
            NoteAdmin();
            _isOpen = true;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Runs a change when it is its turn. Once begun it is not cancelled.</summary>
    public async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            var outcome = await change();
            NoteAdmin();
            return outcome;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>A change that is still empty.</summary>
    public SecurityChange Begin() => new(Documents);

    /// <summary>Gives the default roles and profiles these rights.</summary>
    public void SetDefaults(SecurityChange change, FreshRights rights)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in DefaultSecurity.Names) change.Write(SecurityCollections.Roles, DefaultWrite(name, DefaultSecurity.Role(name, rights), now), Book.PutRole);
        foreach (var name in DefaultSecurity.Names) change.Write(SecurityCollections.Profiles, DefaultWrite(name, DefaultSecurity.Profile(name, rights), now), Book.PutProfile);
        NoteDefaults(change, rights == FreshRights.Open ? "open" : "restricted");
    }

    /// <summary>Somebody changes a default role: from now on, the configuration changes it no more.</summary>
    public static void NoteOwnRights(SecurityChange change) => NoteDefaults(change, "own");

    /// <summary>Takes all users, profiles, roles, credentials and tokens away, and begins anew: all at once. To be called on a turn.</summary>
    public async Task<(int Users, int Profiles, int Roles)> ResetAsync()
    {
        var (users, profiles, roles) = (Book.Users.ToList(), Book.Profiles.ToList(), Book.Roles.ToList());
        var change = Begin();
        foreach (var collection in (CollectionName[])[SecurityCollections.Tokens, SecurityCollections.ApiKeys, SecurityCollections.Credentials, SecurityCollections.Users])
        {
            change.Delete(collection, (await Documents.AllAsync(collection, CancellationToken.None)).Select(document => document.Id));
        }

        change.WhenDone(Tokens.RevokeAll);
        foreach (var user in users) change.WhenDone(() => Book.Forget(user));
        foreach (var profile in profiles.Where(profile => !DefaultSecurity.IsDefault(profile))) RemoveProfile(change, profile);
        foreach (var role in roles.Where(role => !DefaultSecurity.IsDefault(role))) RemoveRole(change, role);
        SetDefaults(change, _freshRights);
        Ownership?.Release(); // Before: an administrator without the note gets it at the next start, the note without an administrator would lock everybody out.
        await change.CommitAsync();
        return (users.Count, profiles.Count, roles.Count);
    }

    /// <summary>Removes a profile that nobody has.</summary>
    public void RemoveProfile(SecurityChange change, string id)
    {
        change.Delete(SecurityCollections.Profiles, [id]);
        change.WhenDone(() => Book.RemoveProfile(id));
    }

    /// <summary>Removes a role that no profile names.</summary>
    public void RemoveRole(SecurityChange change, string id)
    {
        change.Delete(SecurityCollections.Roles, [id]);
        change.WhenDone(() => Book.RemoveRole(id));
    }

    public void Dispose()
    {
        Sessions.Dispose();
        Local.Dispose();
        Turn.Dispose();
    }

    /// <summary>Keeps when it was made; who made it is the product.</summary>
    private static SourceWrite DefaultWrite(string name, JsonElement source, long now) => new(name, current => DocumentJson.Compose(
        source, current is null ? new Metadata(Author: null, now, Updater: null, UpdatedAt: null) : Metadata.Of(current.Source) with { Updater = null, UpdatedAt = now }));

    private async Task LoadCredentialsAsync(CancellationToken cancellationToken)
    {
        List<string> orphans = [];
        foreach (var document in await Documents.AllAsync(SecurityCollections.Credentials, cancellationToken))
        {
            // A box of an earlier version stored credentials before their user: a power cut between the two left them alone.
            if (!Book.HasUser(document.Id)) orphans.Add(document.Id);
            else if (LocalStrategy.Read(document) is { } credentials) Book.PutCredentials(credentials);
        }

        await Documents.DeleteAsync(SecurityCollections.Credentials, orphans);
    }

    private async Task<byte[]> SecretAsync(CancellationToken cancellationToken)
    {
        if (Options.Secret is { } configured) return Encoding.UTF8.GetBytes(configured);

        if (await Documents.FindAsync(SecurityCollections.Config, JwtId, cancellationToken) is { } stored
            && stored.Source.TryGetProperty("secret", out var text) && text.TryGetBytesFromBase64(out var secret))
        {
            return secret;
        }

        var fresh = RandomNumberGenerator.GetBytes(SecretBytes);
        await Documents.PutAsync(SecurityCollections.Config, JwtId, new JsonObject { ["secret"] = Convert.ToBase64String(fresh) });
        return fresh;
    }

    /// <summary>
    /// The rights of a fresh box follow the configuration as long as nobody has decided otherwise: closing always, opening only while there is no administrator.
    /// </summary>
    private async Task MakeDefaultsAsync(CancellationToken cancellationToken)
    {
        var noted = await Documents.FindAsync(SecurityCollections.Config, RightsId, cancellationToken) is { } note && note.Source.TryGetProperty("defaults", out var defaults)
            ? defaults.GetString()
            : null;
        var fresh = !Book.AdminExists && Ownership is { IsClaimed: true } ? FreshRights.Restricted : _freshRights; // A box that has lost its users is not one that is being tried out.
        var isMissing = DefaultSecurity.Names.Any(name => !Book.HasRole(name) || !Book.HasProfile(name));
        var closes = noted == "open" && fresh == FreshRights.Restricted;
        var opens = noted == "restricted" && fresh == FreshRights.Open && !Book.AdminExists;
        if (!isMissing && !closes && !opens) return;

        var change = Begin();
        SetDefaults(change, fresh);
        await change.CommitAsync();
    }

    /// <summary>However somebody has become an administrator.</summary>
    private void NoteAdmin()
    {
        if (Book.AdminExists) Ownership?.Claim();
    }

    private static void NoteDefaults(SecurityChange change, string defaults) => change.Put(SecurityCollections.Config, RightsId, new JsonObject { ["defaults"] = defaults });
}
