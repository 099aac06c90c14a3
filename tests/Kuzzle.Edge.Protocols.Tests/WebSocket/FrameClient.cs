using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Kuzzle.Edge.Protocols.Tests.WebSocket;

/// <summary>A WebSocket client that shows every frame, the framework's own pings and closes included, and does nothing by itself.</summary>
internal sealed class FrameClient : IDisposable
{
    public const int Text = 0x1;
    public const int Close = 0x8;
    public const int Ping = 0x9;
    public const int Pong = 0xA;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();
    private NetworkStream Stream => _client.GetStream();

    public static async Task<FrameClient> ConnectAsync(TestGateway gateway)
    {
        var client = new FrameClient();
        await client._client.ConnectAsync(gateway.Endpoint.EndPoint);
        await client.Stream.WriteAsync(
            "GET / HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8.ToArray());
        var head = new StringBuilder();
        var letter = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await client.Stream.ReadExactlyAsync(letter).AsTask().WaitAsync(Patience);
            head.Append((char)letter[0]);
        }

        head.ToString().ShouldStartWith("HTTP/1.1 101 ");
        return client;
    }

    /// <summary>Sends a whole frame of less than 126 bytes.</summary>
    public ValueTask SendAsync(int opcode, ReadOnlySpan<byte> payload) =>
        Stream.WriteAsync((byte[])[(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);

    /// <summary>Sends bytes that need not be a frame.</summary>
    public ValueTask SendRawAsync(byte[] bytes) => Stream.WriteAsync(bytes);

    /// <summary>The next frame, or null when the server has closed the connection.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReceiveAsync()
    {
        try
        {
            var head = new byte[2];
            if (await Stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false).AsTask().WaitAsync(Patience) < 2) return null;

            var length = head[1] & 0x7F;
            if (length == 126)
            {
                await Stream.ReadExactlyAsync(head);
                length = BinaryPrimitives.ReadUInt16BigEndian(head);
                var payload = new byte[length];
                await Stream.ReadExactlyAsync(payload);
                return (Text, payload);
            }

            var opcode = head[0] & 0x0F;
            var content = new byte[length];
            await Stream.ReadExactlyAsync(content);
            return (opcode, content);
        }
        catch (IOException)
        {
            return null; // A reset is an end, too.
        }
    }

    public void Dispose() => _client.Dispose();
}
