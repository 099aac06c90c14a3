using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Sample;
using Kuzzle.Edge.Listeners.Hosting;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Listeners.Tests.Hosting;

/// <summary>The program that embeds the broker does what its page says: in memory, and over sockets.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Every_handler_of_the_sample_has_its_effect()
    {
        await using var services = Services();
        await using var host = await BrokerTestHost.StartAsync(services);
        await using var ops = host.Open();
        (await ops.ConnectAsync(Connect("o", "ops", "secret"))).ShouldBe(ReasonCode.Success);
        await using var wrong = host.Open(MqttVersion.V311);
        (await wrong.ConnectAsync(Connect("w", "ops", "wrong", MqttVersion.V311))).ShouldBe(ReasonCode.BadUserNameOrPassword);
        await using var banned = host.Open();
        (await banned.ConnectAsync(Connect("banned"))).ShouldBe(ReasonCode.Banned);
        await using var guest = await host.ConnectAsync("guest");

        (await ops.SubscribeAsync("aaaa")).ShouldBe(ReasonCode.NotAuthorized);
        (await ops.SubscribeAsync("bbb")).ShouldBe(ReasonCode.GrantedQoS1);
        (await ops.SubscribeAsync("#")).ShouldBe(ReasonCode.Success);
        (await guest.SubscribeAsync("private/#")).ShouldBe(ReasonCode.Success);
        (await guest.PublishAsync(Message("aaaa", "x"))).ShouldBe(ReasonCode.NotAuthorized);
        (await guest.PublishAsync(Message("bbb", "x"))).ShouldBe(ReasonCode.Success);
        (await ops.ReceiveAsync()).ReadText().ShouldBe("overwrite packet payload");
        await guest.PublishAsync(Message("private/x", "x"));
        (await ops.ReceiveAsync()).Topic.ShouldBe("private/x");
        await guest.PublishAsync(Message("sensors/1/temp", "21.5"));
        (await ops.ReceiveAsync()).Topic.ShouldBe("sensors/1/temp");
        await guest.PublishAsync(Message("sensors/1/ask", ""));
        (await ops.ReceiveAsync()).Topic.ShouldBe("sensors/1/ask");
        (await ops.ReceiveAsync()).ReadText().ShouldBe("21.5");
        await guest.SubscribeAsync("mine");
        await ops.PublishAsync(Message("mine", "x"));
        (await guest.ReceiveAsync()).Topic.ShouldBe("mine");
    }

    [Fact]
    public async Task Every_event_of_the_sample_is_written_down()
    {
        await using var services = Services();
        var log = services.GetRequiredService<SiteLog>();
        await using (var host = await BrokerTestHost.StartAsync(services))
        {
            await using var client = await host.ConnectAsync("c");
            await client.SubscribeAsync("t", QualityOfService.AtLeastOnce);
            await client.PublishAsync(Message("t", "x"));
            await client.ReceiveAsync();
            await client.UnsubscribeAsync("t");
            await client.DisconnectAsync();
            await using var banned = host.Open();
            await banned.ConnectAsync(Connect("banned"));
        }

        foreach (var line in (string[])["client c", "connack c Success", "ready c", "subscribe t=1", "publish t", "ack t", "unsubscribe t", "disconnect c", "closed"])
        {
            log.Lines.ShouldContain(line);
        }

        log.Lines.ShouldContain(line => line.StartsWith("connection error: CONNECT refused", StringComparison.Ordinal));
        log.Lines.ShouldContain("c has gone: Normal");
    }

    [Fact]
    public async Task The_program_listens_where_it_says_and_ends_in_order()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSite(options => options.ListenTcp(IPAddress.Loopback, 0).ListenUnix(path));
        using var host = builder.Build();
        await host.StartAsync();
        var listeners = host.Services.GetRequiredService<BrokerService>().Listeners;
        var endPoint = (IPEndPoint)listeners[0].EndPoint!;

        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await tcp.ConnectAsync(endPoint);
        (await GreetAsync(tcp)).ShouldBe("20020000");
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await unix.ConnectAsync(new UnixDomainSocketEndPoint(path));
        (await GreetAsync(unix)).ShouldBe("20020000");
        var broker = host.Services.GetRequiredService<IMqttBroker>();
        broker.Status.Id.ShouldBe("binarybeast");

        await host.StopAsync();

        broker.Status.State.ShouldBe(BrokerState.Closed);
        (await tcp.ReceiveAsync(new byte[1])).ShouldBe(0);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_of_the_program()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSite(options => options.ListenTcp((IPEndPoint)taken.LocalEndpoint));
        using var host = builder.Build();

        (await Should.ThrowAsync<ListenerException>(() => host.StartAsync())).Message.ShouldContain("in use by another program");
    }

    [Fact]
    public async Task Options_come_from_configuration_and_all_its_faults_are_told_at_once()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["broker:id"] = "box",
            ["broker:heartbeatInterval"] = "5000",
            ["broker:queueLimit"] = "-1",
            ["broker:concurency"] = "7",
            ["broker:connectTimeout"] = "soon",
        });
        builder.Services.AddMqttBroker(builder.Configuration.GetSection("broker"));
        using var host = builder.Build();

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        failure.Failures.Count().ShouldBe(3);
        failure.Message.ShouldContain("broker:queueLimit: '-1' is not possible");
        failure.Message.ShouldContain("broker:concurency: there is no such option");
        failure.Message.ShouldContain("broker:connectTimeout: 'soon' is not possible");
    }

    [Fact]
    public void Options_that_do_not_fit_together_are_refused_at_start()
    {
        using var services = new ServiceCollection()
            .AddLogging()
            .AddMqttBroker(options => (options.MaxQueuedBytes, options.MaxTotalQueuedBytes) = (2048, 1024)).Services
            .BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<MqttBrokerOptions>>().Value).Message.ShouldContain("MaxQueuedBytes");
    }

    [Fact]
    public void Every_option_has_a_name_in_configuration() =>
        typeof(MqttBrokerOptions).GetProperties().Select(property => property.Name).Except([nameof(MqttBrokerOptions.Listeners)]).Order()
            .ShouldBe(OptionsReader.Names.Order());

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSite(_ => { });
        return services.BuildServiceProvider();
    }

    private static MqttMessage Message(string topic, string text) => MqttMessage.OfText(topic, text) with { Qos = QualityOfService.AtLeastOnce };

    private static ConnectPacket Connect(string clientId, string? user = null, string? password = null, MqttVersion version = MqttVersion.V5) => new()
    {
        Version = version,
        ClientId = clientId,
        CleanStart = true,
        UserName = user,
        Password = password is null ? null : System.Text.Encoding.UTF8.GetBytes(password),
    };

    private static async Task<string> GreetAsync(Socket socket)
    {
        await socket.SendAsync(new byte[] { 0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0, 0, 1, (byte)'c' });
        var answer = new byte[4];
        for (var read = 0; read < answer.Length;) read += await socket.ReceiveAsync(answer.AsMemory(read));
        return Convert.ToHexString(answer);
    }
}
