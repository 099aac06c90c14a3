using System.Buffers;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>SUBSCRIBE and UNSUBSCRIBE on one connection, each with its answer. From any thread.</summary>
internal sealed class Requests(MqttVersion version, long maxPacketBytes, PacketIdentifiers identifiers, OutputQueue output, ConnectionLife life)
{
    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="answer">SUBACK or UNSUBACK.</param>
    /// <param name="filters">How many filters the request has.</param>
    /// <param name="write">Writes it; false when it is larger than the server takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ReasonCode[]> AskAsync(PacketType answer, int filters, Func<IBufferWriter<byte>, ushort, bool> write, CancellationToken cancellationToken)
    {
        var exchange = new PendingExchange(answer) { Filters = filters };
        var identifier = identifiers.Add(exchange);
        var packet = new ArrayBufferWriter<byte>();
        if (!write(packet, identifier))
        {
            identifiers.Remove(identifier);
            throw new ArgumentException($"The filters are together larger than the {maxPacketBytes} bytes that the server takes.", nameof(filters));
        }

        await life.WhileAliveAsync(token => output.EnqueueAsync(writer => writer.Write(packet.WrittenSpan), token).AsTask(), cancellationToken).ConfigureAwait(false);
        return await exchange.Granted.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SUBACK or UNSUBACK came.</summary>
    /// <exception cref="ProtocolFaultException">It answers nothing that was asked.</exception>
    public void Grant(PacketType type, ushort packetIdentifier, ReasonCode[] codes)
    {
        if (identifiers.Find(packetIdentifier) is not { } exchange || exchange.Awaited != type)
            throw ProtocolFaultException.Protocol($"The server sends {type} for what was not asked.");

        // Before 5.0 UNSUBACK has no codes.
        if (type == PacketType.Unsuback && version != MqttVersion.V5) codes = new ReasonCode[exchange.Filters];
        if (codes.Length != exchange.Filters) throw ProtocolFaultException.Protocol($"{type} has {codes.Length} codes for {exchange.Filters} filters. [MQTT-3.8.4-5] [MQTT5-3.8.4-6]");

        identifiers.Remove(packetIdentifier);
        exchange.Complete(codes);
    }
}
