using Kuzzle.Edge.Api.Devices;

namespace Kuzzle.Edge.Devices.Events.Rules;

/// <summary>An event on its way through the rules of its application. Belongs to one caller.</summary>
internal sealed class EventDraft(DeviceEvent said)
{
    /// <summary>What was said.</summary>
    public DeviceEvent Said { get; } = said;

    /// <summary>The channel, which rules may change.</summary>
    public string Channel { get; set; } = said.Channel;

    /// <summary>The attributes that rules have set; null for one that is removed.</summary>
    public Dictionary<string, string?> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>What goes under <c>ext</c>.</summary>
    public List<KeyValuePair<string, string>> Extensions { get; } = [.. said.Extensions];

    /// <summary>What a rule has decided, or null: it goes on.</summary>
    public EventOutcome? Verdict { get; set; }
}
