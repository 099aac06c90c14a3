using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>One side of a bridge as the other sees it: messages can be sent whether it is connected or not, and wait.</summary>
internal sealed class BridgeSide
{
    private readonly Lock _lock = new();
    private readonly SettlingSession _session = new();
    private TaskCompletionSource<MqttClient> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What outlives connections.</summary>
    public IMqttSession Session => _session;

    /// <summary>Completes with the connection, as soon as there is one.</summary>
    public Task<MqttClient> WhenConnectedAsync()
    {
        lock (_lock) return _connected.Task;
    }

    /// <summary>A connection is ready.</summary>
    public void Connected(MqttClient client)
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompleted) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
            _connected.SetResult(client);
        }
    }

    /// <summary>There is no connection any more.</summary>
    public void Disconnected()
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompleted) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>
    /// Sends a message. At QoS 1 completes when the session has it, which waits for a connection; at QoS 0 a message that finds none is gone.
    /// </summary>
    /// <returns>What becomes of it, however many connections that takes; null when it is gone.</returns>
    /// <exception cref="ArgumentException">It cannot be sent.</exception>
    public async Task<Task<MqttPublishResult>?> SendAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connected = WhenConnectedAsync();
            if (message.QualityOfService == QualityOfService.AtMostOnce && !connected.IsCompleted) return null;

            var client = await connected.WaitAsync(cancellationToken);
            var origin = _session.Expect(out var settled);
            try
            {
                var fitting = Fit(message, client.Server) with { Origin = origin };
                var publication = await client.SendAsync(fitting, cancellationToken);

                // Not kept by the session: of QoS 0, or refused for what the other side has said of itself.
                if (fitting.QualityOfService == QualityOfService.AtMostOnce || publication.Acknowledged.IsCompletedSuccessfully)
                    _session.Settle(origin, await publication.Acknowledged);
                return settled;
            }
            catch (MqttConnectionException)
            {
                _session.Settle(origin, default); // Forgets the number; nobody waits for it.
                await client.Ended.WaitAsync(cancellationToken);
                Gone(connected);
            }
            catch
            {
                _session.Settle(origin, default);
                throw;
            }
        }
    }

    /// <summary>The owner may not have noticed yet; who sends again must not get the same connection.</summary>
    private void Gone(Task<MqttClient> connected)
    {
        lock (_lock)
        {
            if (_connected.Task == connected) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static MqttApplicationMessage Fit(MqttApplicationMessage message, ServerLimits server) => message with
    {
        QualityOfService = message.QualityOfService < server.MaximumQoS ? message.QualityOfService : server.MaximumQoS,
        Retain = message.Retain && server.RetainAvailable,
    };
}
