using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Tests.Connections;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

public sealed class BridgeTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [MosquittoTheory]
    [InlineData("mqtts")]
    [InlineData("wss")]
    public async Task A_bridge_shows_its_certificate_and_carries(string scheme)
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        using var server = _authority.IssueServer("localhost");
        using var client = _authority.IssueClient("box");
        await using var front = new TlsFront(scheme == "wss" ? mosquitto.WebSocketPort : mosquitto.Port, server, _authority.Root);
        await using var here = await BridgeBox.StartAsync("here");
        var (certificate, key) = _authority.WriteServer(client, "box");

        var bridge = Bridge(here, scheme, front, new UpstreamTls { Trust = _authority.Trust, Certificate = certificate, Key = key });
        await UntilAsync(() => bridge.Status.State == LinkState.Online);
        await here.PublishAsync("t/a", "1");
        await UntilAsync(() => bridge.Status.Sent == 1);

        front.Clients.ShouldAllBe(subject => subject == "CN=box");
        front.Clients.ShouldNotBeEmpty();
    }

    [MosquittoTheory]
    [InlineData("mqtts")]
    [InlineData("wss")]
    public async Task A_broker_of_another_authority_is_not_trusted_and_the_file_is_named(string scheme)
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        using var others = new TestAuthority("Another root");
        using var server = others.IssueServer("localhost");
        await using var front = new TlsFront(mosquitto.Port, server);
        await using var here = await BridgeBox.StartAsync("here");

        var bridge = Bridge(here, scheme, front, new UpstreamTls { Trust = _authority.Trust });

        await UntilAsync(() => bridge.Status.LastError is not null);
        bridge.Status.LastError.ShouldBe($"localhost cannot be trusted. Its certificate comes from no authority that {_authority.Trust} names.");
    }

    private static MqttBridge Bridge(BridgeBox here, string scheme, TlsFront front, UpstreamTls tls)
    {
        var options = here.Options(MqttVersion.V5, new BridgeTopic("t/#", BridgeDirection.Out)) with { Url = new UriBuilder(scheme, "localhost", front.Port).Uri, Tls = tls };
        return here.Bridge(new RemoteConnector(options, TimeProvider.System), options);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }
}
