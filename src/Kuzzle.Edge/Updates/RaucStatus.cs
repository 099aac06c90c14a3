using System.Text.Json;

namespace Kuzzle.Edge.Updates;

/// <summary>What RAUC knows of the box.</summary>
/// <param name="Compatible">Which bundles fit.</param>
/// <param name="Primary">The slot that is started next; null when RAUC does not know.</param>
/// <param name="Slots">All slots that a system is started from.</param>
internal sealed record RaucStatus(string Compatible, string? Primary, IReadOnlyList<RaucSlot> Slots)
{
    /// <summary>Reads what <c>rauc status --detailed --output-format=json</c> prints.</summary>
    /// <exception cref="UpdateException">It is something else.</exception>
    public static RaucStatus Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var status = document.RootElement;
            var slots = new List<(string Key, RaucSlot Slot)>();
            foreach (var slot in status.GetProperty("slots").EnumerateArray().SelectMany(one => one.EnumerateObject()))
            {
                if (TextOf(slot.Value, "bootname") is { } name) slots.Add((slot.Name, SlotOf(name, slot.Value)));
            }

            var primary = TextOf(status, "boot_primary");
            return new RaucStatus(
                TextOf(status, "compatible") ?? "",
                slots.Where(slot => slot.Key == primary).Select(slot => slot.Slot.Name).FirstOrDefault(),
                [.. slots.Select(slot => slot.Slot).OrderBy(slot => slot.Name, StringComparer.Ordinal)]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UpdateException(ExitCode.Unexpected, $"rauc says something about its slots that cannot be read: {exception.Message}", exception);
        }
    }

    private static RaucSlot SlotOf(string name, JsonElement slot)
    {
        var about = slot.TryGetProperty("slot_status", out var kept) && kept.ValueKind == JsonValueKind.Object ? kept : default;
        return new RaucSlot(
            name,
            TextOf(slot, "state") == "booted",
            TextOf(slot, "boot_status") == "good",
            Inner(about, "bundle", "version"),
            Inner(about, "installed", "timestamp"));
    }

    private static string? Inner(JsonElement about, string group, string name) =>
        about.ValueKind == JsonValueKind.Object && about.TryGetProperty(group, out var inner) && inner.ValueKind == JsonValueKind.Object ? TextOf(inner, name) : null;

    private static string? TextOf(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
