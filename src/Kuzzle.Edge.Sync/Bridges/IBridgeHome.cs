using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>The broker of this box, as a bridge needs it. From any thread.</summary>
public interface IBridgeHome
{
    /// <summary>
    /// Connects to it, with a session that is the bridge's own and holds what waits for the other side. It must take <see cref="MqttBridge.MostUnderWay"/> messages unacknowledged and
    /// unreleased: one that must wait here would keep the bridge from reading the PUBREL of the other side that it waits for.
    /// </summary>
    IMqttConnector Connector { get; }

    /// <summary>The filters that the bridge's session has, while it is connected: an earlier configuration may have left some.</summary>
    IReadOnlyList<string> HeldFilters { get; }

    /// <summary>How many messages wait in the bridge's session for the other side, those under way included.</summary>
    int Waiting { get; }

    /// <summary>How many messages for the other side were dropped since the start of the process, because the session's bounds were reached.</summary>
    long Overflowed { get; }

    /// <summary>Gives a command from the other side to the device here that it is for.</summary>
    /// <returns>Null, or why it was refused.</returns>
    Task<string?> CommandAsync(BridgeCommand command, CancellationToken cancellationToken);

    /// <summary>Is told whenever the bridge goes online or offline, and at the start.</summary>
    void Announce(LinkState state);
}
