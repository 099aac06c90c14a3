using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Connections;

namespace Kuzzle.Edge.Sync.Messages;

/// <summary>A message on its way to the upstream.</summary>
/// <param name="Key">By what its receivers know it again when it comes twice; unique.</param>
/// <param name="Collection">Where it was published here.</param>
/// <param name="Id">The identifier that its publisher gave it, or null.</param>
/// <param name="PublishedAt">When, in milliseconds since 1970.</param>
/// <param name="Body">The message; any JSON.</param>
internal sealed record WaitingMessage(string Key, CollectionName Collection, string? Id, long PublishedAt, ReadOnlyMemory<byte> Body)
{
    /// <summary>Reads what <see cref="ToJson"/> wrote; null when it is something else.</summary>
    public static WaitingMessage? Read(StoredDocument document)
    {
        var source = document.Source;
        if (source.TextOf("index") is not { } index || source.TextOf("collection") is not { } collection || !source.TryGetProperty("body", out var body)) return null;

        var at = source.TryGetProperty("at", out var moment) && moment.TryGetInt64(out var milliseconds) ? milliseconds : 0;
        return new WaitingMessage(document.Id, new CollectionName(index, collection), source.TextOf("id"), at, JsonBytes.Of(body));
    }

    public ReadOnlyMemory<byte> ToJson() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("index", Collection.Index);
        writer.WriteString("collection", Collection.Collection);
        if (Id is not null) writer.WriteString("id", Id);
        writer.WriteNumber("at", PublishedAt);
        writer.WritePropertyName("body");
        writer.WriteRawValue(Body.Span, skipInputValidation: true);
        writer.WriteEndObject();
    });
}
