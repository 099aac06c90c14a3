using System.Runtime.InteropServices;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>What the upstream answered to one request.</summary>
/// <param name="Status">200, 206, or an error's status.</param>
/// <param name="ErrorId">The error's id, or null when there is none (or it has none).</param>
/// <param name="ErrorMessage">The error's message, or null.</param>
/// <param name="Result">The result; of kind Null or Undefined when there is none.</param>
internal sealed record UpstreamAnswer(int Status, string? ErrorId, string? ErrorMessage, JsonElement Result)
{
    /// <summary>The error of an index that does not exist.</summary>
    public const string UnknownIndex = "services.storage.unknown_index";

    /// <summary>The error of a collection that does not exist.</summary>
    public const string UnknownCollection = "services.storage.unknown_collection";

    /// <summary>An answer larger than this is not one to a request of ours: they answer at most a batch of results.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>An answer holds documents, some levels deeper than each is for itself; what is too deep for this box is told of by what reads it.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The sentence for logs and for the parked entry.</summary>
    public string Complaint => $"{ErrorId ?? "error"} ({Status}): {ErrorMessage}";

    /// <summary>True when the same request may well succeed later: the upstream is overloaded, shutting down or failing, or wants another login.</summary>
    public bool MayPassLater => Status is 401 or 408 or 425 or 429 or >= 500;

    /// <summary>True when what was asked for is in no collection that exists there.</summary>
    public bool IsCollectionMissing => ErrorId is UnknownIndex or UnknownCollection;

    /// <summary>What came over the line: an answer, or a notification.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8Json) => JsonElement.Parse(utf8Json, Deep);

    public static UpstreamAnswer Read(JsonElement message)
    {
        var error = message.TryGetProperty("error", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new UpstreamAnswer(
            message.TryGetProperty("status", out var status) && status.TryGetInt32(out var number) ? number : 500,
            error.TextOf("id"),
            error.TextOf("message"),
            message.TryGetProperty("result", out var result) ? result : default);
    }

    /// <summary>The hits of a search, or the successes of a multiple get: documents with their sources.</summary>
    public IReadOnlyList<(string Id, JsonElement Source)> Documents(string member)
    {
        if (Result.ValueKind != JsonValueKind.Object || !Result.TryGetProperty(member, out var hits) || hits.ValueKind != JsonValueKind.Array) return [];

        var documents = new List<(string, JsonElement)>(hits.GetArrayLength());
        foreach (var hit in hits.EnumerateArray())
        {
            if (hit.TextOf("_id") is { } id && hit.TryGetProperty("_source", out var source) && source.ValueKind == JsonValueKind.Object) documents.Add((id, source));
        }

        return documents;
    }

    /// <summary>Of the documents those that can be read here, by identifier.</summary>
    public Dictionary<string, JsonElement> Readable(string member) =>
        Documents(member).Where(document => FaultOf(document.Source) is null).ToDictionary(document => document.Id, document => document.Source, StringComparer.Ordinal);

    /// <summary>Why a document of the upstream cannot be read here; null when it can. Half a surrogate pair is JSON, and a Kuzzle keeps it, but it is no text; nor is all that a Kuzzle takes shallow enough.</summary>
    public static string? FaultOf(JsonElement source) => JsonEntrance.TryParse(JsonMarshal.GetRawUtf8Value(source).ToArray(), out _, out var fault) ? null : fault;
}
