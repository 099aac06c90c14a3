using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>What the headers of an HTTP request say of the request it carries.</summary>
/// <param name="RequestId">Its name.</param>
/// <param name="Jwt">Its token, or null.</param>
/// <param name="Volatile">The JSON object of its metadata, or empty.</param>
internal sealed record HeaderArguments(string RequestId, string? Jwt, ReadOnlyMemory<byte> Volatile)
{
    /// <summary>Names the request; the answer has it, too.</summary>
    public const string RequestIdHeader = "X-Kuzzle-Request-Id";

    /// <summary>Names the box that answered.</summary>
    public const string NodeHeader = "X-Kuzzle-Node";

    private const string VolatileHeader = "X-Kuzzle-Volatile";
    private const string Bearer = "Bearer ";

    /// <summary>Reads the headers.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="requestId">The name of a request that has none of its own.</param>
    /// <param name="arguments">What they say.</param>
    /// <param name="refusal">What is wrong with them.</param>
    public static bool TryRead(
        IHeaderDictionary headers, string requestId, [NotNullWhen(true)] out HeaderArguments? arguments, [NotNullWhen(false)] out ApiError? refusal)
    {
        arguments = null;
        if (!TryReadVolatile(headers[VolatileHeader].ToString(), out var metadata, out refusal)) return false;

        arguments = new HeaderArguments(requestId, TokenOf(headers), metadata);
        return true;
    }

    private static string? TokenOf(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    private static bool TryReadVolatile(string header, out ReadOnlyMemory<byte> metadata, [NotNullWhen(false)] out ApiError? refusal)
    {
        metadata = default;
        refusal = null;
        if (header.Length == 0) return true;

        var json = Encoding.UTF8.GetBytes(header);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                reader.Skip();
                if (!reader.Read())
                {
                    metadata = json;
                    return true;
                }
            }

            refusal = NetworkErrors.VolatileParseFailed("it must be a JSON object");
        }
        catch (JsonException fault)
        {
            refusal = NetworkErrors.VolatileParseFailed($"byte {fault.BytePositionInLine} is no JSON");
        }

        return false;
    }
}
