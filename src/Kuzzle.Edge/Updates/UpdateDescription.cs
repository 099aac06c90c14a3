using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Updates;

/// <summary>How the slots are, for the API.</summary>
internal static class UpdateDescription
{
    /// <summary>A tree of its own.</summary>
    public static JsonObject Of(RaucStatus status) => new()
    {
        ["method"] = "image",
        ["compatible"] = status.Compatible,
        ["next"] = status.Primary,
        ["onTrial"] = Rauc.Trial,
        ["rolledBack"] = Rauc.RolledBack,
        ["passedOver"] = Rauc.PassedOver,
        ["slots"] = new JsonArray([.. status.Slots.Select(slot => new JsonObject
        {
            ["name"] = slot.Name,
            ["booted"] = slot.IsBooted,
            ["good"] = slot.IsGood,
            ["version"] = slot.Version,
            ["installedAt"] = slot.InstalledAt,
        })]),
    };
}
