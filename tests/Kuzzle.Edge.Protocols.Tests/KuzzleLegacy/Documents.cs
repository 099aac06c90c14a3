using Kuzzle.Edge.Protocols.Tests.KuzzleV2;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleLegacy;

/// <summary>Documents that several tests store.</summary>
internal static class Documents
{
    /// <summary>Stores a document in <c>people</c> and returns its identifier.</summary>
    public static async Task<string> CreateAsync(this WireClient client, string body) =>
        (string)(await client.ResultAsync("write.people.create", $$"""{"clientId":"me","requestId":"create","body":{{body}}}"""))["_id"]!;
}
