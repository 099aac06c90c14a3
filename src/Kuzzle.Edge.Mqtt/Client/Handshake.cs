using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>How a connection begins: a stream, CONNECT and CONNACK.</summary>
internal static class Handshake
{
    /// <summary>Opens the stream.</summary>
    /// <exception cref="MqttConnectionException">There is none in time.</exception>
    public static async Task<ConnectionStream> OpenAsync(MqttClientOptions options, IMqttConnector connector, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return new ConnectionStream(await connector.ConnectAsync(either.Token).ConfigureAwait(false), options);
        }
        catch (IOException failure)
        {
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, failure.Message), failure);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate("The server could not be reached", options, late);
        }
    }

    /// <summary>CONNECT, and what the server says to it.</summary>
    /// <exception cref="MqttConnectionException">It says nothing in time, refuses, or breaks the protocol.</exception>
    public static async Task<ServerLimits> GreetAsync(MqttClientOptions options, ConnectionStream stream, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var connack = await stream.GreetAsync(options.ToPacket(), either.Token).ConfigureAwait(false);
            if (connack.ReasonCode == ReasonCode.Success && connack.SessionPresent && options.CleanStart)
                throw ProtocolFaultException.Protocol("The server has a session although the client has asked for a clean start. [MQTT-3.2.2-1] [MQTT5-3.2.2-2]");
            if (connack.ReasonCode == ReasonCode.Success) return ServerLimits.Of(options, connack);

            var words = connack.Properties?.ReasonString is { } text ? $" ({text})" : "";
            throw new MqttConnectionException(new MqttEnding(
                MqttEndingCause.Server, connack.ReasonCode, $"The server refuses the connection: {connack.ReasonCode}{words}.", connack.Properties?.ServerReference));
        }
        catch (ProtocolFaultException fault)
        {
            var ending = new MqttEnding(MqttEndingCause.ProtocolError, fault.Fault.Code, fault.Message);
            await FarewellAsync(options, stream, ending.ToldReason, either.Token).ConfigureAwait(false);
            throw new MqttConnectionException(ending, fault);
        }
        catch (IOException broken) when (broken is not MqttConnectionException)
        {
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, broken.Message), broken);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate("The server did not answer CONNECT", options, late);
        }
    }

    /// <summary>DISCONNECT with the reason, which MQTT 5.0 allows between CONNECT and CONNACK. [MQTT5-4.13.1-1]</summary>
    private static async Task FarewellAsync(MqttClientOptions options, ConnectionStream stream, ReasonCode reason, CancellationToken cancellationToken)
    {
        if (options.Version != MqttVersion.V5) return;

        try
        {
            PacketWriter.TryWrite(stream.Output, options.Version, new DisconnectPacket { ReasonCode = reason });
            await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The server went first; there is nobody to tell, and the fault itself is reported by the caller.
        }
    }

    private static MqttConnectionException TooLate(string what, MqttClientOptions options, Exception late) => new(
        new MqttEnding(MqttEndingCause.NoAnswer, ReasonCode.UnspecifiedError, $"{what} within {options.AnswerTimeout.TotalSeconds:0.#} s."), late);
}
