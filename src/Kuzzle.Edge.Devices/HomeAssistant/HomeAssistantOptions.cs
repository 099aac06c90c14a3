namespace Kuzzle.Edge.Devices.HomeAssistant;

/// <summary>How this box makes its sensors known to Home Assistant.</summary>
public sealed record HomeAssistantOptions
{
    /// <summary>The topic under which Home Assistant looks.</summary>
    public string Prefix { get; init; } = "homeassistant";

    /// <summary>The name of this box: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string GatewayId { get; init; }

    /// <summary>The version of this program, for people.</summary>
    public string Version { get; init; } = "";

    /// <summary>The topic under which readings go that have no topic of their own.</summary>
    public string BaseTopic => $"kuzzle-edge/{GatewayId}";
}
