using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    public KuzzleSecurity(ApiOptions options, IDocumentStore store, TimeProvider clock, ILogger logger)
    {
        _freshRights = options.FreshRights;
        _clock = clock;
        Options = options.Security;
        Documents = new SecurityDocuments(store);
        Tokens = new TokenRegister(clock);
        Sessions = new Sessions(Documents, Tokens, clock, logger);
        Local = new LocalStrategy(Documents, Book, Options, clock);
    }

    public SecurityOptions Options { get; }

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
            return await change();
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Gives the default roles and profiles these rights. To be called on a turn.</summary>
    public async Task SetDefaultsAsync(FreshRights rights)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var roles = await Documents.WriteAsync(SecurityCollections.Roles, [.. DefaultSecurity.Names.Select(name => DefaultWrite(name, DefaultSecurity.Role(name, rights), now))]);
        var profiles = await Documents.WriteAsync(
            SecurityCollections.Profiles, [.. DefaultSecurity.Names.Select(name => DefaultWrite(name, DefaultSecurity.Profile(name, rights), now))]);
        await NoteDefaultsAsync(rights == FreshRights.Open ? "open" : "restricted");
        foreach (var role in roles) Book.PutRole(role.After!);
        foreach (var profile in profiles) Book.PutProfile(profile.After!);
    }

    /// <summary>Somebody has changed a default role: from now on, the configuration changes it no more. To be called on a turn.</summary>
    public Task NoteOwnRightsAsync() => NoteDefaultsAsync("own");

    /// <summary>Takes all users, profiles, roles, credentials and tokens away, and begins anew. To be called on a turn.</summary>
    public async Task<(int Users, int Profiles, int Roles)> ResetAsync()
    {
        Tokens.RevokeAll();
        var (users, profiles, roles) = (Book.Users.ToList(), Book.Profiles.ToList(), Book.Roles.ToList());
        foreach (var collection in (CollectionName[])[SecurityCollections.Tokens, SecurityCollections.ApiKeys, SecurityCollections.Credentials, SecurityCollections.Users])
        {
            await Documents.Store.TruncateAsync(collection, CancellationToken.None);
        }

        foreach (var user in users)
        {
            Book.RemoveCredentials(user);
            Book.RemoveUser(user);
        }

        var ownProfiles = profiles.Where(profile => !DefaultSecurity.IsDefault(profile)).ToList();
        await Documents.DeleteAsync(SecurityCollections.Profiles, ownProfiles);
        foreach (var profile in ownProfiles) Book.RemoveProfile(profile);
        var ownRoles = roles.Where(role => !DefaultSecurity.IsDefault(role)).ToList();
        await Documents.DeleteAsync(SecurityCollections.Roles, ownRoles);
        foreach (var role in ownRoles) Book.RemoveRole(role);
        await SetDefaultsAsync(_freshRights);
        return (users.Count, profiles.Count, roles.Count);
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
            // A user is stored after its credentials, so that there is never an administrator who cannot log in: a power cut between the two leaves them alone.
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
        var isMissing = DefaultSecurity.Names.Any(name => !Book.HasRole(name) || !Book.HasProfile(name));
        var closes = noted == "open" && _freshRights == FreshRights.Restricted;
        var opens = noted == "restricted" && _freshRights == FreshRights.Open && !Book.AdminExists;
        if (isMissing || closes || opens) await SetDefaultsAsync(_freshRights);
    }

    private Task NoteDefaultsAsync(string defaults) => Documents.PutAsync(SecurityCollections.Config, RightsId, new JsonObject { ["defaults"] = defaults });
}
