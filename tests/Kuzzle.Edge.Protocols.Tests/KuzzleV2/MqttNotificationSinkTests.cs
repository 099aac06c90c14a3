using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.KuzzleV2;
using Kuzzle.Edge.Protocols.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>What is sent to one connection only, such as the expiry of its token: kuzzle-mqtt.md 1.7.</summary>
public sealed class MqttNotificationSinkTests : IAsyncLifetime, IAsyncDisposable
{
    private const string ServerChannel = "kuzzle:notification:server";

    private readonly MqttBroker _broker = new(new MqttBrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly ClientConnection _connection = new("mqtt", null);
    private readonly RecordingClient _client = new();

    [Fact]
    public void A_message_to_one_connection_goes_to_that_client_alone()
    {
        var other = new RecordingClient();
        var sink = Sink(new KuzzleMqttOptions());
        sink.Add(new ClientConnection("mqtt", null), other);

        sink.Send(_connection, ServerChannel, "{}"u8.ToArray());

        _client.Sent.ShouldHaveSingleItem().Topic.ShouldBe(ServerChannel);
        other.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void A_connection_that_has_ended_gets_nothing()
    {
        var sink = Sink(new KuzzleMqttOptions());
        sink.Remove(_connection);

        sink.Send(_connection, ServerChannel, "{}"u8.ToArray());

        _client.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void Without_realtime_notifications_no_connection_is_told_that_its_token_expired()
    {
        var sink = Sink(new KuzzleMqttOptions { RealtimeNotifications = false });

        sink.Send(_connection, ServerChannel, "{}"u8.ToArray());

        _client.Sent.ShouldBeEmpty();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();

    private MqttNotificationSink Sink(KuzzleMqttOptions options)
    {
        var sink = new MqttNotificationSink(options, _broker, new LiveChannels());
        sink.Add(_connection, _client);
        return sink;
    }

    private sealed class RecordingClient : IMqttClient
    {
        public List<MqttMessage> Sent { get; } = [];

        public string ClientId => "recording";

        public string? UserName => null;

        public MqttPeer Peer { get; } = new(MqttTransport.Memory, null);

        public ClientIdentity Identity { get; set; } = ClientIdentity.Anonymous;

        public object? ProfileState { get; set; }

        public void Send(MqttMessage message) => Sent.Add(message);

        public void Close() => throw new NotSupportedException("Nothing here closes clients.");
    }
}
