using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Benchmarks.Requests;

/// <summary>One MQTT 3.1.1 client with one request under way, on a blocking socket: what it costs is not the gateway's.</summary>
internal sealed class RequestClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private byte[] _received = new byte[64 * 1024];
    private int _begin;
    private int _end;

    public RequestClient(int port, string clientId)
    {
        _socket.Connect("127.0.0.1", port);
        Send(0x10, [0, 4, .. "MQTT"u8, 4, 2, 0, 0, .. Text(clientId)]);
        Expect(2);
    }

    public void Subscribe(string topic)
    {
        Send(0x82, [0, 1, .. Text(topic), 0]);
        Expect(9);
    }

    /// <summary>The packet of a request, to be sent as often as wanted.</summary>
    public static byte[] Packet(string topic, ReadOnlySpan<byte> payload) => Framed(0x30, [.. Text(topic), .. payload]);

    public void Send(ReadOnlySpan<byte> packet)
    {
        while (packet.Length > 0) packet = packet[_socket.Send(packet)..];
    }

    /// <summary>The payload of the next message, valid until the next call.</summary>
    public ReadOnlySpan<byte> Receive()
    {
        var body = Expect(3);
        return body[(2 + BinaryPrimitives.ReadUInt16BigEndian(body))..];
    }

    /// <summary>Sends a request and waits for the next message, which must be an answer of status 200.</summary>
    public JsonElement Ask(string json)
    {
        Send(Packet("Kuzzle/request", Encoding.UTF8.GetBytes(json)));
        var answer = JsonElement.Parse(Receive());
        return answer.GetProperty("status").GetInt32() == 200 ? answer.GetProperty("result") : throw new InvalidOperationException($"{json} was answered with {answer}");
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Framed(byte type, ReadOnlySpan<byte> body) =>
        body.Length < 128 ? [type, (byte)body.Length, .. body] : [type, (byte)(body.Length & 127 | 128), (byte)(body.Length >> 7), .. body];

    private void Send(byte type, ReadOnlySpan<byte> body) => Send(Framed(type, body));

    private ReadOnlySpan<byte> Expect(int type)
    {
        while (true)
        {
            if (TryTake(out var found, out var body)) return found == type ? body : throw new InvalidOperationException($"a packet of type {type} should have come, not of {found}");

            if (_begin > 0)
            {
                _received.AsSpan(_begin, _end - _begin).CopyTo(_received);
                (_begin, _end) = (0, _end - _begin);
            }

            if (_end == _received.Length) Array.Resize(ref _received, 2 * _end);
            var count = _socket.Receive(_received.AsSpan(_end));
            if (count == 0) throw new InvalidOperationException("the gateway has closed the connection");
            _end += count;
        }
    }

    private bool TryTake(out int type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        var data = _received.AsSpan(_begin, _end - _begin);
        var (length, shift, at) = (0, 0, 1);
        do
        {
            if (at >= data.Length) return false;
            length |= (data[at] & 127) << shift;
            shift += 7;
        }
        while ((data[at++] & 128) != 0);

        if (data.Length < at + length) return false;
        type = data[0] >> 4;
        body = data.Slice(at, length);
        _begin += at + length;
        return true;
    }
}
