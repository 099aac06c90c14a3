using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>An MQTT client that is bytes only, so that nothing of the product's codec can hide a fault.</summary>
internal sealed class WireClient(IDuplexPipe transport)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _nextPacketId;
    private int _level;

    public async Task<WirePacket> ConnectAsync(
        int level = 4, string clientId = "", bool clean = true, (string Topic, string Payload)? will = null, byte[]? properties = null, byte[]? willProperties = null)
    {
        _level = level;
        var packet = new List<byte>();
        AddText(packet, level == 3 ? "MQIsdp" : "MQTT");
        packet.Add((byte)level);
        packet.Add((byte)((clean ? 2 : 0) | (will is null ? 0 : 4)));
        packet.AddRange([0, 60]);
        if (level == 5) packet.AddRange([(byte)(properties?.Length ?? 0), .. properties ?? []]);
        AddText(packet, clientId);
        if (will is { } last)
        {
            if (level == 5) packet.AddRange([(byte)(willProperties?.Length ?? 0), .. willProperties ?? []]);
            AddText(packet, last.Topic);
            AddText(packet, last.Payload);
        }

        await WriteAsync(0x10, packet);
        var connack = await ReadAsync() ?? throw new InvalidOperationException("closed instead of a CONNACK");
        connack.Type.ShouldBe(WirePacket.Connack);
        connack.Body[1].ShouldBe((byte)0);
        return connack;
    }

    /// <summary>Connects with MQTT 3.1.1 and a user name and password; answers the return code of the CONNACK.</summary>
    public async Task<byte> LoginAsync(string userName, string password)
    {
        _level = 4;
        var packet = new List<byte>();
        AddText(packet, "MQTT");
        packet.AddRange([4, 0b1100_0010, 0, 60]);
        AddText(packet, "");
        AddText(packet, userName);
        AddText(packet, password);
        await WriteAsync(0x10, packet);
        return (await ReadAsync() ?? throw new InvalidOperationException("closed instead of a CONNACK")).Body[1];
    }

    public Task PublishAsync(string topic, string payload, int qos = 0, bool retain = false, byte[]? properties = null) =>
        PublishAsync(topic, Encoding.UTF8.GetBytes(payload), qos, retain, properties);

    public async Task PublishAsync(string topic, byte[] payload, int qos = 0, bool retain = false, byte[]? properties = null)
    {
        var packet = new List<byte>();
        AddText(packet, topic);
        if (qos > 0) AddPacketId(packet, ++_nextPacketId);
        if (_level == 5) packet.Add((byte)(properties?.Length ?? 0));
        packet.AddRange(properties ?? []);
        packet.AddRange(payload);
        await WriteAsync((byte)(0x30 | (qos << 1) | (retain ? 1 : 0)), packet);
    }

    public async Task ReleaseAsync()
    {
        var packet = new List<byte>();
        AddPacketId(packet, _nextPacketId);
        await WriteAsync(0x62, packet);
    }

    /// <summary>The return codes of the SUBACK, or null when the server closes instead.</summary>
    public async Task<byte[]?> SubscribeAsync(params (string Filter, byte Qos)[] filters)
    {
        var packet = new List<byte>();
        AddPacketId(packet, ++_nextPacketId);
        if (_level == 5) packet.Add(0);
        foreach (var (filter, qos) in filters)
        {
            AddText(packet, filter);
            packet.Add(qos);
        }

        await WriteAsync(0x82, packet);
        return await ReadAsync() is { } suback ? suback.Body[(_level == 5 ? 3 + suback.Body[2] : 2)..] : null;
    }

    public Task PingAsync() => WriteAsync(0xC0, []);

    public Task DisconnectAsync() => WriteAsync(0xE0, []);

    /// <summary>Ends the connection without a DISCONNECT.</summary>
    public async Task DieAsync()
    {
        await transport.Output.CompleteAsync();
        await transport.Input.CompleteAsync();
    }

    public async Task<WirePacket> ReadPublishAsync()
    {
        var packet = await ReadAsync() ?? throw new InvalidOperationException("closed instead of a PUBLISH");
        packet.Type.ShouldBe(WirePacket.Publish);
        return packet;
    }

    /// <summary>Fails unless the connection is alive and nothing came but the answer to a ping.</summary>
    public async Task ShouldHearNothingAsync()
    {
        await PingAsync();
        var packet = await ReadAsync() ?? throw new InvalidOperationException("closed instead of a PINGRESP");
        packet.Type.ShouldBe(13, packet.Type == WirePacket.Publish ? Encoding.UTF8.GetString(packet.Body) : null);
    }

    /// <summary>The next packet, or null when the server has closed.</summary>
    public async Task<WirePacket?> ReadAsync()
    {
        while (true)
        {
            var read = await transport.Input.ReadAsync().AsTask().WaitAsync(Patience);
            if (WirePacket.TryParse(read.Buffer, out var packet, out var end))
            {
                transport.Input.AdvanceTo(end);
                return packet;
            }

            transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    private async Task WriteAsync(byte first, List<byte> body)
    {
        var packet = new List<byte> { first };
        var length = body.Count;
        do
        {
            packet.Add((byte)(length % 128 | (length >= 128 ? 128 : 0)));
            length /= 128;
        }
        while (length > 0);

        packet.AddRange(body);
        await transport.Output.WriteAsync(packet.ToArray());
    }

    private static void AddText(List<byte> packet, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddPacketId(packet, bytes.Length);
        packet.AddRange(bytes);
    }

    private static void AddPacketId(List<byte> packet, int id)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)id);
        packet.AddRange(bytes);
    }
}
