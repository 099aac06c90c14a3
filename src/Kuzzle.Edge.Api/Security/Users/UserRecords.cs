using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security.Users;

/// <summary>Users with all that belongs to them. Changes are to be made on a turn.</summary>
internal sealed class UserRecords(KuzzleSecurity security)
{
    private static readonly string[] Qualities =
        ["able", "bold", "brave", "bright", "brisk", "calm", "clear", "crisp", "eager", "early", "fair", "fleet", "fond", "frank", "fresh", "gentle", "glad", "grand", "green", "happy", "keen", "kind", "late", "light", "lively", "lucky", "merry", "mild", "neat", "noble", "polite", "prompt"];

    private static readonly string[] Things =
        ["acorn", "anchor", "badger", "beacon", "birch", "brook", "cedar", "comet", "cove", "crane", "delta", "dune", "falcon", "fern", "fjord", "glade", "harbor", "heron", "lagoon", "lark", "maple", "meadow", "otter", "pebble", "prairie", "quartz", "raven", "reef", "river", "sparrow", "tundra", "willow"];

    /// <summary>The user that clients are who have not logged in.</summary>
    public static JsonObject Anonymous => new()
    {
        ["_id"] = DefaultSecurity.AnonymousKuid,
        ["_source"] = new JsonObject { ["profileIds"] = new JsonArray(DefaultSecurity.Anonymous), ["name"] = "Anonymous" },
    };

    /// <summary>A new identifier: words and a number, or a UUID.</summary>
    public string NewKuid(bool asUuid)
    {
        if (asUuid) return $"kuid-{Guid.NewGuid()}";

        while (true)
        {
            var kuid = $"kuid-{Qualities[RandomNumberGenerator.GetInt32(Qualities.Length)]}-{Things[RandomNumberGenerator.GetInt32(Things.Length)]}-{RandomNumberGenerator.GetInt32(10_000, 100_000)}";
            if (!security.Book.HasUser(kuid)) return kuid;
        }
    }

    /// <summary>How a user is shown: of one without an author nothing is said about it, as in Kuzzle.</summary>
    public static JsonObject Show(StoredDocument user)
    {
        var answer = DocumentAnswers.WithoutVersion(user);
        if (answer["_source"]![Metadata.Name] is JsonObject info && info["author"] is null) info.Remove("author");
        return answer;
    }

    /// <summary>Whether these are profiles that a user can have.</summary>
    public ApiError? FindProfileFault(JsonElement ids, string path)
    {
        if (ids.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return AssertErrors.MissingArgument(path);
        if (ids.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType(path, "array");

        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.String) return AssertErrors.InvalidType(path, "string[]");
            if (!security.Book.HasProfile(id.GetString()!)) return SecurityErrors.ProfileNotFound(id.GetString()!);
        }

        return ids.GetArrayLength() == 0 ? AssertErrors.EmptyArgument(path) : null;
    }

    /// <summary>Reads the <c>credentials</c> of a user to be: of known strategies, and whole.</summary>
    public bool TryReadCredentials(JsonElement given, string kuid, out (string UserName, string Password)? credentials, [NotNullWhen(false)] out ApiError? refusal)
    {
        credentials = null;
        refusal = null;
        foreach (var strategy in given.EnumerateObject())
        {
            if (!strategy.NameEquals(LocalStrategy.Name))
            {
                refusal = SecurityErrors.UnknownStrategy(strategy.Name);
                return false;
            }

            if (security.Book.CredentialsOf(kuid) is not null) refusal = SecurityErrors.CredentialsExist(kuid);
            if (refusal is not null || !LocalStrategy.TryRead(strategy.Value, out var userName, out var password, out refusal)) return false;
            if ((refusal = security.Local.FindNameFault(userName, kuid)) is not null) return false;

            credentials = (userName, password);
        }

        return true;
    }

    /// <summary>Why a user cannot be made, or null; and the login that it shall have, if any.</summary>
    public ApiError? FindCreationFault(string kuid, JsonElement credentials, out (string UserName, string Password)? login)
    {
        if (!TryReadCredentials(credentials, kuid, out login, out var refusal)) return refusal;
        return security.Book.HasUser(kuid) ? SecurityErrors.UserAlreadyExists(kuid) : null;
    }

    /// <summary>Makes a user, with credentials when there are some. What is wrong with it was looked for before.</summary>
    public PendingWrite Create(SecurityChange change, string kuid, JsonElement content, LocalCredentials? credentials, ApiRequest request)
    {
        if (credentials is not null) security.Local.Put(change, credentials);
        return Put(change, kuid, content, new Metadata(Author: null, request.Timestamp, Updater: null, UpdatedAt: null));
    }

    /// <summary>Stores a user as given.</summary>
    public PendingWrite Put(SecurityChange change, string kuid, JsonElement content, Metadata metadata) =>
        change.Write(SecurityCollections.Users, new PutDocument(kuid, DocumentJson.Compose(content, metadata)), security.Book.PutUser);

    /// <summary>Merges changes into a user; null when there is no such user.</summary>
    public async Task<StoredDocument?> UpdateAsync(string kuid, JsonElement changes, ApiRequest request)
    {
        var outcome = await security.Documents.WriteAsync(SecurityCollections.Users, new UpdateDocument(kuid, changes, request));
        if (outcome.After is null) return null;

        security.Book.PutUser(outcome.After);
        return outcome.After;
    }

    /// <summary>Removes a user with its tokens, keys and credentials.</summary>
    public async Task<ApiError?> RemoveAsync(string kuid)
    {
        if (kuid == DefaultSecurity.AnonymousKuid || !security.Book.HasUser(kuid)) return SecurityErrors.UserNotFound(kuid);

        var change = security.Begin();
        Remove(change, kuid);
        await change.CommitAsync();
        return null;
    }

    /// <inheritdoc cref="RemoveAsync"/>
    public void Remove(SecurityChange change, string kuid)
    {
        change.Delete(SecurityCollections.Users, [kuid]);
        change.WhenDone(() => security.Book.RemoveUser(kuid));
        security.Local.Remove(change, kuid);
        security.Sessions.RevokeAllOf(change, kuid);
    }

    /// <summary>Takes a profile from users; who has no other becomes as anonymous clients are.</summary>
    public async Task TakeProfileAsync(SecurityChange change, string profile, IReadOnlyList<string> kuids)
    {
        foreach (var kuid in kuids)
        {
            if (await security.Documents.FindAsync(SecurityCollections.Users, kuid, CancellationToken.None) is not { } user) continue;

            var rest = security.Book.ProfilesOf(kuid).Where(id => id != profile).DefaultIfEmpty(DefaultSecurity.Anonymous);
            var source = DocumentAnswers.Source(user).DeepClone().AsObject();
            source["profileIds"] = new JsonArray([.. rest.Select(id => JsonValue.Create(id))]);
            Put(change, kuid, JsonElement.Parse(source.ToJsonString()), Metadata.Of(user.Source));
        }
    }
}
