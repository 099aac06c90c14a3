using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>Identifiers for documents whose sender gave none.</summary>
internal static class DocumentId
{
    /// <summary>20 URL-safe characters, as Elasticsearch makes them: 120 random bits.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
}
