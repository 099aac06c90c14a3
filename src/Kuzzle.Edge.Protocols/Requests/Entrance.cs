using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.Requests;

/// <summary>The one way from the bytes of a request to the bytes of its answer, for every protocol. It always answers, whatever happens.</summary>
internal sealed partial class Entrance(KuzzleApi api, TimeProvider clock, ILogger logger)
{
    /// <summary>Whoever puts the requestId further back than this gets an error under a new one: refusing must stay cheaper than executing.</summary>
    private const int RequestIdSearchBytes = 64 * 1024;

    private const int StatusOk = 200;

    /// <summary>Answers are data for programs, never markup: quotes and letters need no <c>\u</c>.</summary>
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The name of this box in answers.</summary>
    public string NodeName => api.NodeName;

    /// <summary>Reads a request, or tells why it is none.</summary>
    public bool TryParse(
        ReadOnlyMemory<byte> json, ClientConnection connection, [NotNullWhen(true)] out ApiRequest? request, [NotNullWhen(false)] out string? reason)
    {
        var isRequest = ApiRequest.TryParse(json, connection, clock, out request, out var fault);
        reason = fault?.Message;
        return isRequest;
    }

    /// <summary>Executes a request.</summary>
    public async ValueTask<Answer> ExecuteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await api.ExecuteAsync(request, cancellationToken);
            var json = new ArrayBufferWriter<byte>();
            response.WriteTo(json);
            return new(response.Status, response.RequestId, json.WrittenMemory) { Content = response.Content };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Refuse(NetworkErrors.ConnectionDropped(), request.RequestId);
        }
        catch (Exception e)
        {
            // The last stop of a request's errors: a defect of ours costs this request, not the connection nor the process.
            LogFailed(request.Controller, request.Action, e);
            return Refuse(NetworkErrors.Unexpected(), request.RequestId);
        }
    }

    /// <summary>The answer of a request that asks nothing: status 200 and no result.</summary>
    public Answer Acknowledge(string requestId) => new(StatusOk, requestId, Write(requestId, StatusOk, error: null));

    /// <summary>The answer of a request that is refused before the API saw it, under the request's own id or a new one.</summary>
    public Answer Refuse(ApiError error, string? requestId)
    {
        requestId ??= Guid.NewGuid().ToString();
        return new(error.Status, requestId, Write(requestId, error.Status, error));
    }

    /// <summary>The <c>requestId</c> of something that need not even be a request, or null. Looks at the beginning only.</summary>
    public static string? FindRequestId(ReadOnlyMemory<byte> json) => FindText(json, "requestId");

    /// <summary>A member of something that need not even be a request, if it is a text that is not empty; or null. Looks at the beginning only.</summary>
    public static string? FindText(ReadOnlyMemory<byte> json, string name)
    {
        var beginning = json.Span[..Math.Min(json.Length, RequestIdSearchBytes)];
        var reader = new Utf8JsonReader(beginning, isFinalBlock: json.Length <= RequestIdSearchBytes, state: default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMeant = reader.ValueTextEquals(name);
                if (!reader.Read()) return null;
                if (isMeant) return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text ? text : null;
                if (!reader.TrySkip()) return null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not Unicode: it has no id.
        }

        return null;
    }

    /// <summary>The connection is open: the API counts it.</summary>
    public void Connect(ClientConnection connection) => api.Connect(connection);

    /// <summary>The connection is gone: the API leaves its rooms.</summary>
    public void Disconnect(ClientConnection connection) => api.Disconnect(connection);

    /// <summary>The answer object as the API writes it, for what never was a request.</summary>
    private ReadOnlyMemory<byte> Write(string requestId, int status, ApiError? error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Compact);
        json.WriteStartObject();
        json.WriteString("requestId"u8, requestId);
        json.WriteNumber("status"u8, status);
        json.WritePropertyName("error"u8);
        WriteError(json, error);
        json.WriteNull("controller"u8);
        json.WriteNull("action"u8);
        json.WriteNull("collection"u8);
        json.WriteNull("index"u8);
        json.WriteNull("volatile"u8);
        json.WriteNull("result"u8);
        json.WriteString("node"u8, api.NodeName);
        json.WriteStartObject("headers"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteError(Utf8JsonWriter json, ApiError? error)
    {
        if (error is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("code"u8, error.Code);
        json.WriteString("id"u8, error.Id);
        json.WriteString("message"u8, error.Message);
        json.WriteStartArray("props"u8);
        foreach (var prop in error.Props) json.WriteStringValue(prop);
        json.WriteEndArray();
        json.WriteNumber("status"u8, error.Status);
        json.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The request {Controller}:{Action} failed.")]
    private partial void LogFailed(string? controller, string? action, Exception exception);
}
