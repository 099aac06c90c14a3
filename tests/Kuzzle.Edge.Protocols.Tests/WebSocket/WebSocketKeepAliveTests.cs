using System.Buffers.Binary;
using Kuzzle.Edge.Protocols.WebSocket;

namespace Kuzzle.Edge.Protocols.Tests.WebSocket;

/// <summary>The pings are the framework's, on its own clock: these tests wait for frames, and for no time.</summary>
public sealed class WebSocketKeepAliveTests
{
    [Fact]
    public async Task A_quiet_client_that_answers_pings_stays_connected()
    {
        await using var gateway = await StartAsync();
        using var client = await FrameClient.ConnectAsync(gateway);

        for (var i = 0; i < 4; i++) // twice the idle timeout
        {
            var (opcode, payload) = (await client.ReceiveAsync()).ShouldNotBeNull();
            opcode.ShouldBe(FrameClient.Ping);
            await client.SendAsync(FrameClient.Pong, payload);
        }

        await client.SendAsync(FrameClient.Text, """{"p":1}"""u8);
        while (true)
        {
            var (opcode, payload) = (await client.ReceiveAsync()).ShouldNotBeNull();
            if (opcode == FrameClient.Ping) continue; // came before the answer
            payload.ShouldBe("""{"p":2}"""u8.ToArray());
            return;
        }
    }

    [Fact]
    public async Task A_client_that_answers_no_ping_is_given_up()
    {
        await using var gateway = await StartAsync();
        using var client = await FrameClient.ConnectAsync(gateway);

        (await client.ReceiveAsync()).ShouldNotBeNull().Opcode.ShouldBe(FrameClient.Ping);
        while (await client.ReceiveAsync() is { } frame) frame.Opcode.ShouldBeOneOf(FrameClient.Ping, FrameClient.Close);
    }

    [Fact]
    public async Task A_ping_of_the_client_is_answered()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await FrameClient.ConnectAsync(gateway);

        await client.SendAsync(FrameClient.Ping, "payload"u8);

        var (opcode, payload) = (await client.ReceiveAsync()).ShouldNotBeNull();
        opcode.ShouldBe(FrameClient.Pong);
        payload.ShouldBe("payload"u8.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28 }, 1007)] // text that is not UTF-8
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002)] // an opcode that is none
    [InlineData(new byte[] { 0xF1, 0x80, 0, 0, 0, 0 }, 1002)] // reserved bits
    public async Task What_breaks_the_protocol_is_closed_with_its_code(byte[] frame, int code)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await FrameClient.ConnectAsync(gateway);

        await client.SendRawAsync(frame);

        var (opcode, payload) = (await client.ReceiveAsync()).ShouldNotBeNull();
        opcode.ShouldBe(FrameClient.Close);
        ((int)BinaryPrimitives.ReadUInt16BigEndian(payload)).ShouldBe(code);
    }

    private static Task<TestGateway> StartAsync() =>
        TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { IdleTimeout = TimeSpan.FromSeconds(1) } });
}
