using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Protocols.Drogue;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The device endpoint: what its listeners have in common.</summary>
internal static class DrogueSettings
{
    private const string Prefix = "server.protocols.mqtt.drogue.";

    private static readonly DrogueOptions Drogue = new();

    public static readonly Setting<RejectionV311> RejectV311 = new(
        Prefix + "rejectV311",
        new ChoiceType<RejectionV311>(("close", RejectionV311.Close), ("ack", RejectionV311.Acknowledge)),
        Drogue.RejectV311,
        "What an MQTT 3.1.1 device sees whose QoS 1 or 2 message is rejected: `close` ends its connection; `ack` acknowledges, and keeps the message in `rejected`.");

    public static readonly Setting<long> MaxPacketSize = new(
        Prefix + "maxPacketSize", Types.Bytes(128, 268_435_460), Drogue.Limits.MaxPacketBytes, "The largest MQTT packet of a device.");

    public static readonly Setting<TimeSpan> ConnectTimeout = new(
        Prefix + "connectTimeout",
        Types.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        Drogue.Limits.ConnectTimeout,
        "How long a device may take to send its CONNECT, with the TLS handshake before it.");

    public static readonly Setting<int> CommandBuffer = new(
        Prefix + "commandBuffer", Types.Integer(1, 10_000), Drogue.CommandBuffer, "How many commands one subscription of a device may have on their way; further ones wait.");

    public static IReadOnlyList<Setting> All { get; } = [RejectV311, MaxPacketSize, ConnectTimeout, CommandBuffer];
}
