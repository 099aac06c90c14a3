using System.Text;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A client of the other broker whose session outlives connections: it comes back whenever that broker does.</summary>
internal sealed class ForeignSide : IAsyncDisposable
{
    private readonly Uri _url;
    private readonly MqttVersion _version;
    private readonly string _clientId;
    private readonly SubscriptionRequest _wanted;
    private readonly MemoryMqttSession _session = new();
    private readonly List<string> _heard = [];
    private readonly Dictionary<ushort, string> _heardUnder = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _running;
    private TaskCompletionSource<MqttClient> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ForeignSide(Uri url, MqttVersion version, string clientId, string filter, QualityOfService qos)
    {
        (_url, _version, _clientId) = (url, version, clientId);
        _wanted = new SubscriptionRequest { Filter = filter, QualityOfService = qos };
        _running = RunAsync();
    }

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_lock) return [.. _heard];
        }
    }

    public Task ConnectedAsync()
    {
        lock (_lock) return _connected.Task.WaitAsync(BridgeBox.Patience);
    }

    /// <summary>Completes when the broker has acknowledged it, over whatever connection.</summary>
    public async Task PublishAsync(string topic, string payload, QualityOfService qos)
    {
        var message = new MqttApplicationMessage(topic, Encoding.UTF8.GetBytes(payload)) { QualityOfService = qos };
        while (true)
        {
            Task<MqttClient> connected;
            lock (_lock) connected = _connected.Task;
            var client = await connected.WaitAsync(TimeSpan.FromMinutes(5));
            try
            {
                await client.SendAsync(message, _stop.Token);
                break;
            }
            catch (MqttConnectionException)
            {
                await client.Ended; // It was not kept: once more.
                lock (_lock)
                {
                    if (_connected.Task == connected) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }

        while ((await _session.LoadAsync(_stop.Token)).Outgoing.Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(2), _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var options = new MqttClientOptions { ClientId = _clientId, Version = _version, SessionExpirySeconds = _version == MqttVersion.V5 ? 3600u : 0 };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var client = await MqttClient.ConnectAsync(options, new MqttNetworkConnector(_url), _session, HearAsync, TimeProvider.System, _stop.Token);
                await client.SubscribeAsync([_wanted], identifier: 0, _stop.Token);
                lock (_lock)
                {
                    if (_connected.Task.IsCompleted) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
                    _connected.SetResult(client);
                }

                await client.Ended.WaitAsync(_stop.Token);
            }
            catch (MqttConnectionException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100)); // It is away, and will be back.
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private ValueTask<Task> HearAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        var payload = Encoding.UTF8.GetString(incoming.Message.Payload.Span);
        lock (_lock)
        {
            // Heard, but the connection ended before PUBREC: the broker sends the same message under the same identifier. One that was sent twice comes under another.
            if (incoming.Duplicate && _heardUnder.GetValueOrDefault(incoming.PacketIdentifier) == payload) return new(Task.CompletedTask);

            _heardUnder[incoming.PacketIdentifier] = payload;
            _heard.Add(payload);
        }

        return new(Task.CompletedTask);
    }
}
