using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// The enhanced authentication of one connection, by the method that its CONNECT has named: first before CONNACK, then again whenever the client wants. Used by the
/// connection's loop only.
/// </summary>
internal sealed partial class ClientAuthentication(BrokerCore core, ClientConnection connection, string method)
{
    private IAuthenticationExchange? _exchange;

    /// <summary>The method, which all AUTH packets name. [MQTT5-4.12.0-5]</summary>
    public string Method => method;

    /// <summary>Whether an exchange waits for the client's next word.</summary>
    public bool IsUnderWay => _exchange is not null;

    /// <summary>Begins an exchange, and takes its first step.</summary>
    public ValueTask<AuthenticationStep> BeginAsync(byte[]? data)
    {
        try
        {
            _exchange = core.Handlers?.BeginAuthentication(connection, method) ?? connection.Profile.BeginAuthentication(connection, method);
        }
        catch (Exception failure)
        {
            return new(Fail(failure));
        }

        return _exchange is null ? new(AuthenticationStep.Refuse(ConnectRefusal.UnknownMethod)) : ContinueAsync(data); // [MQTT5-4.12.0-1]
    }

    /// <summary>Takes the next step, which the client's word has led to.</summary>
    public async ValueTask<AuthenticationStep> ContinueAsync(byte[]? data)
    {
        var connectionEnds = connection.Ask();
        using var timeout = new CancellationTokenSource(core.Options.ConnectTimeout, core.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connectionEnds);
        try
        {
            // Nobody is held up by an exchange that does not come back, however it takes its cancellation.
            var step = await _exchange!.ContinueAsync(data, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            if (step.IsLast) _exchange = null;
            return step;
        }
        catch (OperationCanceledException failure) when (either.IsCancellationRequested)
        {
            return connectionEnds.IsCancellationRequested ? AuthenticationStep.Refuse(ConnectRefusal.Failed) : Fail(failure);
        }
        catch (Exception failure)
        {
            return Fail(failure); // It is a stranger's code that fails here, for one stranger: the client is refused.
        }
    }

    /// <summary>Sends AUTH.</summary>
    public void Write(ReasonCode reason, AuthenticationStep step)
    {
        var batch = core.Batches.Rent();
        connection.Write(new AuthPacket { ReasonCode = reason, Properties = With(new MqttProperties(), step.Data) }, batch);
        core.Batches.Finish(batch);
    }

    /// <summary>Adds the method and the data, as AUTH and a CONNACK that accepts have them.</summary>
    public MqttProperties With(MqttProperties properties, ReadOnlyMemory<byte> data) =>
        properties with { AuthenticationMethod = method, AuthenticationData = data.IsEmpty ? null : data.ToArray() };

    private AuthenticationStep Fail(Exception failure)
    {
        _exchange = null;
        LogFailed(core.Logger, connection.ClientId, method, failure);
        return AuthenticationStep.Refuse(ConnectRefusal.Failed);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Client {ClientId}: it is refused because the exchange of its authentication method {Method} has failed")]
    private static partial void LogFailed(ILogger logger, string clientId, string method, Exception failure);
}
