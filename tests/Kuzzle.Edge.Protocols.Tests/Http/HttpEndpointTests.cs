using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Protocols.Http;

namespace Kuzzle.Edge.Protocols.Tests.Http;

public sealed class HttpEndpointTests
{
    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        await using var first = await TestGateway.StartAsync();
        var port = first.Endpoint.EndPoint.Port;

        var refusal = await Should.ThrowAsync<ListenException>(() => TestGateway.StartAsync(options => options with { Port = port }));

        refusal.Message.ShouldBe($"Cannot listen on 127.0.0.1:{port}: the port is in use by another program.");
        refusal.EndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, port));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_in_one_line()
    {
        var refusal = await Should.ThrowAsync<ListenException>(() => TestGateway.StartAsync(options => options with { Address = IPAddress.Parse("192.0.2.1") }));

        refusal.Message.ShouldStartWith("Cannot listen on 192.0.2.1:0: ");
    }

    [Fact]
    public async Task After_the_stop_nobody_is_accepted()
    {
        await using var gateway = await TestGateway.StartAsync();
        var endPoint = gateway.Endpoint.EndPoint;

        await gateway.Endpoint.StopAsync(CancellationToken.None);

        using var client = new TcpClient();
        await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(endPoint));
    }

    [Fact]
    public async Task With_HTTP_disabled_the_port_still_serves_WebSockets()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { Enabled = false });

        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(gateway.Http, "/_query"), new StringContent("{}"));
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var client = await SocketClient.ConnectAsync(gateway);
        (await client.AskAsync("""{"controller":"server","action":"now"}"""))["status"]!.GetValue<int>().ShouldBe(200);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void A_port_out_of_range_is_refused(int port) => Should.Throw<ArgumentOutOfRangeException>(() => new HttpOptions { Port = port });
}
