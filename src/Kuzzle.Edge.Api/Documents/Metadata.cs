using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>What <c>_kuzzle_info</c> of a document says: who made and changed it, and when (milliseconds since 1970).</summary>
internal readonly record struct Metadata(string? Author, long? CreatedAt, string? Updater, long? UpdatedAt)
{
    /// <summary>The member that holds it.</summary>
    public const string Name = "_kuzzle_info";

    public static Metadata Created(ApiRequest request) => new(request.Caller.Kuid, request.Timestamp, Updater: null, UpdatedAt: null);

    /// <summary>As mUpsert leaves it.</summary>
    public static Metadata OnlyCreated(ApiRequest request) => Created(request) with { IsWithoutChange = true };

    /// <summary>As createOrReplace and replace leave it.</summary>
    public static Metadata CreatedAndUpdated(ApiRequest request) => new(request.Caller.Kuid, request.Timestamp, request.Caller.Kuid, request.Timestamp);

    /// <summary>The same creation, another change.</summary>
    public Metadata UpdatedBy(ApiRequest request) => this with { Updater = request.Caller.Kuid, UpdatedAt = request.Timestamp, IsWithoutChange = false };

    public static Metadata Of(JsonElement source)
    {
        if (!source.TryGetProperty(Name, out var info) || info.ValueKind != JsonValueKind.Object) return default;
        return new Metadata(Text(info, "author"), Time(info, "createdAt"), Text(info, "updater"), Time(info, "updatedAt"));
    }

    /// <summary>Whether a document that was never changed says nothing of changes, rather than null: so mUpsert creates it.</summary>
    public bool IsWithoutChange { get; private init; }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("author", Author);
        WriteTime(writer, "createdAt", CreatedAt);
        if (IsWithoutChange)
        {
            writer.WriteEndObject();
            return;
        }

        WriteTime(writer, "updatedAt", UpdatedAt);
        writer.WriteString("updater", Updater);
        writer.WriteEndObject();
    }

    private static string? Text(JsonElement info, string name) =>
        info.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Time(JsonElement info, string name) =>
        info.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var time) ? time : null;

    private static void WriteTime(Utf8JsonWriter writer, string name, long? time)
    {
        if (time is { } value) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
