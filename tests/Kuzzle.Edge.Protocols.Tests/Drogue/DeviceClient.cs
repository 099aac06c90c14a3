using System.IO.Pipelines;
using System.Text;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;

namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>A device that speaks in bytes.</summary>
internal sealed class DeviceClient(IDuplexPipe transport, int version, Task served)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public bool IsVersion5 => version == 5;

    public async Task<ConnackFields> ConnectAsync(
        string clientId = "",
        string? user = null,
        string? password = null,
        bool clean = true,
        int keepAlive = 60,
        (string Topic, string Payload)? will = null,
        byte[]? willProperties = null,
        byte[]? properties = null)
    {
        var flags = (clean ? 2 : 0) | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40) | (will is null ? 0 : 4);
        await WriteAsync(
            0x10,
            [
                .. Text("MQTT"), (byte)version, (byte)flags, .. Word(keepAlive),
                .. IsVersion5 ? Properties(properties) : [],
                .. Text(clientId),
                .. will is { } last ? [.. IsVersion5 ? Properties(willProperties) : [], .. Text(last.Topic), .. Text(last.Payload)] : Array.Empty<byte>(),
                .. user is null ? [] : Text(user),
                .. password is null ? [] : Text(password),
            ]);
        var connack = await ReadAsync() ?? throw new InvalidOperationException("closed instead of a CONNACK");
        connack.Type.ShouldBe(WirePacket.Connack);
        return new ConnackFields(connack.Body[1], IsVersion5 ? connack.Body[3..] : []);
    }

    public Task PublishAsync(string topic, string payload, int qos = 0, int id = 0, byte[]? properties = null, bool retain = false, bool dup = false) => WriteAsync(
        (byte)(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)),
        [.. Text(topic), .. qos > 0 ? Word(id) : [], .. IsVersion5 ? Properties(properties) : [], .. Encoding.UTF8.GetBytes(payload)]);

    /// <summary>Publishes as one who does not look whether anybody still reads.</summary>
    public async Task PublishIfOpenAsync(string topic, string payload, int qos, int id)
    {
        try
        {
            await PublishAsync(topic, payload, qos, id);
        }
        catch (InvalidOperationException)
        {
            // The other side has closed already.
        }
    }

    /// <summary>What the SUBACK says about each filter.</summary>
    public async Task<byte[]> SubscribeAsync(byte[]? properties, params (string Filter, int Options)[] filters)
    {
        await WriteAsync(0x82, [0, 9, .. IsVersion5 ? Properties(properties) : [], .. filters.SelectMany(filter => (byte[])[.. Text(filter.Filter), (byte)filter.Options])]);
        return CodesOf(await ExpectAsync(WirePacket.Suback));
    }

    public async Task<byte> SubscribeAsync(string filter, int options = 1) => (await SubscribeAsync(properties: null, (filter, options)))[0];

    /// <summary>What the UNSUBACK says; nothing before MQTT 5.</summary>
    public async Task<byte[]> UnsubscribeAsync(params string[] filters)
    {
        await WriteAsync(0xA2, [0, 9, .. IsVersion5 ? Properties(null) : [], .. filters.SelectMany(Text)]);
        return CodesOf(await ExpectAsync(11));
    }

    public Task SendAsync(byte first, params byte[] body) => WriteAsync(first, body);

    public Task AcknowledgeAsync(int id) => WriteAsync(0x40, Word(id));

    public Task DisconnectAsync() => WriteAsync(0xE0, []);

    /// <summary>Ends the connection without a DISCONNECT, and waits until the broker has done with it.</summary>
    public async Task DieAsync()
    {
        await transport.Output.CompleteAsync();
        await WhenGoneAsync();
    }

    public Task WhenGoneAsync() => served.WaitAsync(Patience);

    /// <summary>The code of the acknowledgement that comes next; the code is 0 before MQTT 5.</summary>
    public async Task<byte> AcknowledgementAsync(int type, int id)
    {
        var packet = await ExpectAsync(type);
        ((packet.Body[0] << 8) | packet.Body[1]).ShouldBe(id);
        return packet.Body.Length > 2 ? packet.Body[2] : (byte)0;
    }

    /// <summary>The reason code of a DISCONNECT of the server.</summary>
    public async Task<byte> DisconnectedAsync()
    {
        var packet = await ExpectAsync(14);
        return packet.Body.Length > 0 ? packet.Body[0] : (byte)0;
    }

    public async Task<CommandFields> CommandAsync()
    {
        var packet = await ExpectAsync(WirePacket.Publish);
        var rest = packet.Payload;
        var id = 0;
        if (packet.Qos > 0)
        {
            id = (rest[0] << 8) | rest[1];
            rest = rest[2..];
        }

        if (IsVersion5)
        {
            rest[0].ShouldBe((byte)0, "a command has no properties");
            rest = rest[1..];
        }

        return new CommandFields(packet.Topic, Encoding.UTF8.GetString(rest), packet.Qos, id, packet.Retain);
    }

    /// <summary>Fails unless the connection is alive and nothing came but the answer to a ping.</summary>
    public async Task ShouldBeAliveAndHearNothingAsync()
    {
        await WriteAsync(0xC0, []);
        _ = await ExpectAsync(13);
    }

    /// <summary>Fails unless the server closes without another packet.</summary>
    public async Task ShouldBeClosedSilentlyAsync() => (await ReadAsync()).ShouldBeNull();

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

    public static byte[] ContentType(string type) => [0x03, .. Text(type)];

    public static byte[] UserProperty(string name, string value) => [0x26, .. Text(name), .. Text(value)];

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Word(bytes.Length), .. bytes];
    }

    private async Task<WirePacket> ExpectAsync(int type)
    {
        var packet = await ReadAsync() ?? throw new InvalidOperationException($"closed instead of a packet of type {type}");
        packet.Type.ShouldBe(type, Convert.ToHexString(packet.Body));
        return packet;
    }

    private byte[] CodesOf(WirePacket packet) => packet.Body[(IsVersion5 ? 3 + packet.Body[2] : 2)..];

    private async Task WriteAsync(byte first, byte[] body) => await transport.Output.WriteAsync((byte[])[first, .. Variable(body.Length), .. body]);

    private static byte[] Properties(byte[]? properties) => [.. Variable(properties?.Length ?? 0), .. properties ?? []];

    private static byte[] Variable(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];
}
