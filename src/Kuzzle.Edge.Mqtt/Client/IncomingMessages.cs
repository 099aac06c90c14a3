using System.Threading.Channels;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// Messages from the server on their way to the handler, one at a time and in order. Each is acknowledged once the handler has completed, so whatever ends the connection
/// before brings it again.
/// </summary>
internal sealed class IncomingMessages(
    MqttClientOptions options, IMqttSession session, OutputQueue output, AnswerQueue completions, MqttHandler handler, IEnumerable<ushort> received)
{
    private readonly Channel<MqttIncoming> _waiting = Channel.CreateBounded<MqttIncoming>(
        new BoundedChannelOptions(options.Overflowed is null ? options.ReceiveMaximum : 2 * options.ReceiveMaximum) { SingleReader = true, SingleWriter = true });

    // In the order in which they came, which is that of their acknowledgements. [MQTT-4.6.0-2] [MQTT5-4.6.0-2]
    private readonly Channel<Handled> _handled = Channel.CreateBounded<Handled>(new BoundedChannelOptions(options.ReceiveMaximum) { SingleReader = true, SingleWriter = true });

    private readonly Lock _lock = new();
    private readonly HashSet<ushort> _received = [.. received];

    // Those of QoS 1 and 2 that came on this connection and are not acknowledged to the end: they count towards the Receive Maximum. (5.0, 4.9)
    private readonly HashSet<ushort> _open = [];

    /// <summary>Whether the reader waits for the handler and so cannot see what the server sends.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes a PUBLISH; waits when as many as may be are waiting.</summary>
    public async ValueTask TakeAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        if (incoming.PacketIdentifier != 0)
        {
            switch (Open(incoming))
            {
                case Arrival.Again:
                    return;

                case Arrival.Known:
                    await AcknowledgeAsync(Task.CompletedTask, PacketType.Pubrec, incoming.PacketIdentifier, ReasonCode.Success, cancellationToken).ConfigureAwait(false);
                    return;
            }
        }

        else if (options.Overflowed is not null && _waiting.Reader.Count >= options.ReceiveMaximum)
        {
            options.Overflowed();
            return;
        }

        if (_waiting.Writer.TryWrite(incoming)) return;

        IsFull = true;
        await _waiting.Writer.WriteAsync(incoming, cancellationToken).ConfigureAwait(false);
        IsFull = false;
    }

    /// <summary>Takes a PUBREL. The session hears of unknown ones, too: it may know more than this connection. [MQTT-4.3.3-2] [MQTT5-4.3.3-11]</summary>
    public void Release(ushort packetIdentifier)
    {
        bool isKnown;
        lock (_lock)
        {
            isKnown = _received.Remove(packetIdentifier);
            var isOpen = _open.Remove(packetIdentifier);
            if (isOpen && !isKnown) throw ProtocolFaultException.Protocol("PUBREL comes before PUBREC was sent. [MQTT5-4.3.3-8]");
        }

        var reason = isKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
        completions.Add(session.RemoveReceivedAsync(packetIdentifier), writer => PacketWriter.WriteAcknowledgement(writer, options.Version, PacketType.Pubcomp, packetIdentifier, reason));
    }

    /// <summary>Hands messages over until the connection ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var incoming = await _waiting.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var done = await handler(incoming, cancellationToken).ConfigureAwait(false);
            await _handled.Writer.WriteAsync(new Handled(incoming, done), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Acknowledges messages until the connection ends.</summary>
    public async Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (incoming, done) = await _handled.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            await done.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (incoming.PacketIdentifier != 0) await SettleAsync(incoming, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask SettleAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        var identifier = incoming.PacketIdentifier;
        var isExactlyOnce = incoming.Message.QualityOfService == QualityOfService.ExactlyOnce;
        lock (_lock)
        {
            // Before the answer is on its way: a quick server may use the identifier again at once.
            if (isExactlyOnce) _received.Add(identifier);
            else _open.Remove(identifier);
        }

        return isExactlyOnce
            ? AcknowledgeAsync(session.AddReceivedAsync(identifier), PacketType.Pubrec, identifier, ReasonCode.Success, cancellationToken)
            : AcknowledgeAsync(Task.CompletedTask, PacketType.Puback, identifier, ReasonCode.Success, cancellationToken);
    }

    private Arrival Open(MqttIncoming incoming)
    {
        lock (_lock)
        {
            var isExactlyOnce = incoming.Message.QualityOfService == QualityOfService.ExactlyOnce;
            var isNew = _open.Add(incoming.PacketIdentifier);
            if (isNew && options.EnforcesReceiveMaximum && options.Version == MqttVersion.V5 && _open.Count > options.ReceiveMaximum)
                throw new ProtocolFaultException(new PacketFault(ReasonCode.ReceiveMaximumExceeded, "More messages than the Receive Maximum are unacknowledged. [MQTT5-3.3.4-9]"));

            if (isExactlyOnce && _received.Contains(incoming.PacketIdentifier)) return Arrival.Known;
            if (isNew) return Arrival.New;
            if (isExactlyOnce) return Arrival.Again; // The handler has it; its PUBREC will answer both.

            throw ProtocolFaultException.Protocol("A packet identifier is used again before it was acknowledged. [MQTT-2.3.1-4] [MQTT5-2.2.1-4]");
        }
    }

    private ValueTask AcknowledgeAsync(Task before, PacketType type, ushort packetIdentifier, ReasonCode reason, CancellationToken cancellationToken) =>
        output.EnqueueAsync(before, writer => PacketWriter.WriteAcknowledgement(writer, options.Version, type, packetIdentifier, reason), cancellationToken);

    private readonly record struct Handled(MqttIncoming Incoming, Task Done);

    private enum Arrival
    {
        New,
        Again,
        Known,
    }
}
