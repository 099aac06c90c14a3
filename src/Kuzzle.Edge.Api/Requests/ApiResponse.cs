using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>The answer to one request.</summary>
public sealed class ApiResponse
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ApiRequest? _request;
    private readonly string _node;
    private readonly Deprecation? _deprecation;

    private ApiResponse(ApiRequest? request, string requestId, ApiResult result, string node, Deprecation? deprecation)
    {
        _deprecation = deprecation;
        _request = request;
        _node = node;
        RequestId = requestId;
        Status = result.Status;
        Error = result.Error;
        Result = result.Result;
        Content = result.Content;
    }

    /// <summary>The request's name.</summary>
    public string RequestId { get; }

    /// <summary>200 on success, else the error's status.</summary>
    public int Status { get; }

    /// <summary>The error, or null.</summary>
    public ApiError? Error { get; }

    /// <summary>The result, or null. Owned by the response: not to be put into another tree.</summary>
    public JsonNode? Result { get; }

    /// <summary>What HTTP sends in place of the answer object, or null.</summary>
    public ResultContent? Content { get; }

    /// <summary>The answer to a payload that was no request: a name of its own, and nothing of the payload.</summary>
    public static ApiResponse ToUnusable(ApiError fault, string node) => new(request: null, Guid.NewGuid().ToString(), fault, node, deprecation: null);

    /// <summary>Writes the answer object: the nine members of Kuzzle's documentation in its order, then <c>node</c> and <c>headers</c>.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteString("requestId", RequestId);
        writer.WriteNumber("status", Status);
        writer.WritePropertyName("error");
        if (Error is null) writer.WriteNullValue();
        else WriteError(writer, Error);
        WriteText(writer, "controller", _request?.Controller);
        WriteText(writer, "action", _request?.Action);
        WriteNode(writer, "collection", _request?.Echo("collection", _request.Collection));
        WriteNode(writer, "index", _request?.Echo("index", _request.Index));
        writer.WritePropertyName("volatile");
        if (_request is { Volatile.ValueKind: JsonValueKind.Object }) _request.Volatile.WriteTo(writer);
        else writer.WriteNullValue();
        WriteNode(writer, "result", Result);
        writer.WriteString("node", _node);
        writer.WriteStartObject("headers");
        writer.WriteEndObject();
        if (_deprecation is not null)
        {
            writer.WriteStartArray("deprecations");
            writer.WriteStartObject();
            writer.WriteString("version", _deprecation.Version);
            writer.WriteString("message", _deprecation.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    internal static ApiResponse To(ApiRequest request, ApiResult result, ApiOptions options) =>
        new(request, request.RequestId, result, options.NodeName, options.IsDevelopment ? result.Deprecation : null);

    private static void WriteError(Utf8JsonWriter writer, ApiError error)
    {
        writer.WriteStartObject();
        if (error.Id.Length == 0)
        {
            writer.WriteString("message", error.Message);
            writer.WriteNumber("status", error.Status);
            writer.WriteEndObject();
            return;
        }

        writer.WriteNumber("code", error.Code);
        if (error.Errors is { } errors) writer.WriteNumber("count", errors.Count);
        if (error.Errors is not null)
        {
            writer.WritePropertyName("errors");
            error.Errors.WriteTo(writer);
        }

        writer.WriteString("id", error.Id);
        writer.WriteString("message", error.Message);
        writer.WriteStartArray("props");
        foreach (var prop in error.Props) writer.WriteStringValue(prop);
        writer.WriteEndArray();
        writer.WriteNumber("status", error.Status);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) writer.WriteNull(name);
        else writer.WriteString(name, value);
    }

    private static void WriteNode(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }
}
