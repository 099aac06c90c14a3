using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>Names of rooms: the same filter on the same collection has the same name, on every box and after every start.</summary>
internal static class RoomId
{
    // Not a secret: it only makes the digest ours. A change of it changes every room's name.
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("kuzzle-edge realtime room ids v1");

    public static string Of(CollectionName collection, string canonicalFilter)
    {
        // Names in realtime requests are not checked, so their lengths say where they end: no two triples make one text.
        var text = $"{collection.Index.Length}:{collection.Index}{collection.Collection.Length}:{collection.Collection}{canonicalFilter}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)));
    }
}
