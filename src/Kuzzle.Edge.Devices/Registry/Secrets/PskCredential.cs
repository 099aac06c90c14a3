using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>A pre-shared key. Kept as it is: both sides of a handshake need the key itself.</summary>
internal sealed record PskCredential(string Id, byte[] Key, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter) : StoredCredential(Id)
{
    private bool HasValidity => NotBefore is not null || NotAfter is not null;

    public bool IsValidAt(DateTimeOffset time) => !(time < NotBefore) && !(time > NotAfter);

    /// <summary>Of keys that are valid now, the one that counts: those without a validity first, then the earliest begin, then the latest end.</summary>
    public static PskCredential? Choose(IEnumerable<StoredCredential> credentials, DateTimeOffset now) => credentials
        .OfType<PskCredential>()
        .Where(key => key.IsValidAt(now))
        .OrderBy(key => key.HasValidity)
        .ThenBy(key => key.NotBefore ?? DateTimeOffset.MinValue)
        .ThenByDescending(key => key.NotAfter ?? DateTimeOffset.MaxValue)
        .FirstOrDefault();

    public override JsonObject Show()
    {
        var shown = new JsonObject { ["key"] = new JsonObject { ["id"] = Id } };
        if (HasValidity) shown["validity"] = new JsonObject { ["notBefore"] = Text(NotBefore), ["notAfter"] = Text(NotAfter) };
        return new JsonObject { ["psk"] = shown };
    }

    protected override JsonObject KeepSecret() =>
        new() { ["id"] = Id, ["kind"] = "psk", ["key"] = Convert.ToBase64String(Key), ["notBefore"] = Text(NotBefore), ["notAfter"] = Text(NotAfter) };
}
