using System.Buffers;
using System.Text.Json;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>An entry as its rule lets it travel.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Json">The document as the upstream is to hold it; null when it is to hold none.</param>
internal sealed record PreparedEntry(OutboxEntry Entry, ReadOnlyMemory<byte>? Json)
{
    public string Id => Entry.Id;

    public int Bytes => Json?.Length ?? Id.Length;

    /// <summary>What the rule makes of an entry; null when the upstream need not hear of it.</summary>
    public static PreparedEntry? Of(OutboxEntry entry, SyncRule rule)
    {
        var document = entry.Document is { } found && (rule.Filter?.Matches(found.Id, found.Source) ?? true) ? found : null;
        if (document is null) return entry.Document is null || entry.Known is not null ? new PreparedEntry(entry, Json: null) : null;
        if (rule.Fields.IsEverything) return new PreparedEntry(entry, document.Json);

        var selected = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(selected)) rule.Fields.Write(writer, document.Source);
        return new PreparedEntry(entry, selected.WrittenMemory);
    }

    /// <summary>The mark of what the upstream is to hold.</summary>
    public UpstreamMark? Mark => Json is { } json ? UpstreamMark.Of(JsonElement.Parse(json.Span)) : null;

    /// <summary>The entry, with what the upstream holds once it has taken this.</summary>
    public OutboxEntry Delivered(SyncRule rule) =>
        Entry with { Held = rule.KeepsMarks ? Mark : null };
}
