using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>
/// A device that takes its commands in MQTT 3.1.1 and acknowledges those that it is told to: no client of others can be told which. Ends with its connection.
/// </summary>
internal sealed class CommandReceiver : IAsyncDisposable
{
    private static readonly byte[] Filter = Encoding.UTF8.GetBytes("command/inbox//#");

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<string, bool> _takes;
    private Task _receiving = Task.CompletedTask;

    private CommandReceiver(Func<string, bool> takes) => _takes = takes;

    /// <summary>Connects and subscribes.</summary>
    /// <param name="port">The port of the device endpoint.</param>
    /// <param name="device">The device.</param>
    /// <param name="application">Its application.</param>
    /// <param name="password">Its password.</param>
    /// <param name="takes">Told of each command by its name; whether it is acknowledged.</param>
    public static async Task<CommandReceiver> ConnectAsync(int port, string device, string application, string password, Func<string, bool> takes)
    {
        var receiver = new CommandReceiver(takes);
        var stream = await receiver.OpenAsync(port);
        await WriteAsync(stream, 0x10, [.. Text("MQTT"), 4, 0xC2, 0, 0, .. Text(""), .. Text($"{device}@{application}"), .. Text(password)]);
        (await ReadAsync(stream)).Body.ShouldBe([0, 0], device);
        await WriteAsync(stream, 0x82, [0, 1, 0, (byte)Filter.Length, .. Filter, 1]);
        (await ReadAsync(stream)).Body.ShouldBe([0, 1, 0], device);
        receiver._receiving = receiver.ReceiveAsync(stream);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
    }

    private async Task<NetworkStream> OpenAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await _socket.ConnectAsync(IPAddress.Loopback, port);
                return new NetworkStream(_socket, ownsSocket: false);
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(100); // The gateway is starting.
            }
        }
    }

    private async Task ReceiveAsync(NetworkStream stream)
    {
        try
        {
            while (true)
            {
                var (first, body) = await ReadAsync(stream);
                if (first >> 4 != 3) continue;

                var length = BinaryPrimitives.ReadUInt16BigEndian(body);
                var topic = Encoding.UTF8.GetString(body.AsSpan(2, length));
                var isAcknowledged = _takes(topic[(topic.LastIndexOf('/') + 1)..]);
                if (isAcknowledged && (first & 0x06) == 0x02) await WriteAsync(stream, 0x40, body[(2 + length)..(4 + length)]);
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or SocketException)
        {
            // The kill, or the end of the test.
        }
    }

    private static async Task<(byte First, byte[] Body)> ReadAsync(NetworkStream stream)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one);
        var first = one[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80) break;
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (first, body);
    }

    private static async Task WriteAsync(NetworkStream stream, byte first, byte[] body)
    {
        if (body.Length > 127) throw new ArgumentException($"{body.Length} bytes are more than this client needs", nameof(body));
        await stream.WriteAsync((byte[])[first, (byte)body.Length, .. body]);
    }

    private static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}
