using System.Buffers.Binary;
using System.Text;

namespace Kuzzle.Edge.Broker.Tests.Wire;

/// <summary>Packets as bytes, written down here independently of the product's codec.</summary>
internal static class Packet
{
    public static readonly byte[] Pingreq = [0xC0, 0];

    public static readonly byte[] Pingresp = [0xD0, 0];

    public static readonly byte[] Disconnect = [0xE0, 0];

    public static byte[] Frame(byte header, params byte[][] parts)
    {
        var body = parts.SelectMany(part => part).ToArray();
        return [header, .. Variable(body.Length), .. body];
    }

    public static byte[] Variable(int value)
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

    public static byte[] Text(string text) => Field(Encoding.UTF8.GetBytes(text));

    public static byte[] Field(byte[] bytes) => [.. Word(bytes.Length), .. bytes];

    public static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Wide(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Properties(params byte[][] properties)
    {
        var all = properties.SelectMany(property => property).ToArray();
        return [.. Variable(all.Length), .. all];
    }

    public static byte[] Property(byte id, byte[] value) => [id, .. value];

    public static byte[] Connect(
        string clientId, int version = 4, bool clean = true, int keepAlive = 0, Will? will = null, string? user = null, string? password = null, params byte[][] properties)
    {
        var flags = (clean ? 2 : 0) | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40);
        if (will is not null) flags |= 4 | (will.Qos << 3) | (will.Retain ? 0x20 : 0);
        return Frame(
            0x10,
            Text(version == 3 ? "MQIsdp" : "MQTT"),
            [(byte)version, (byte)flags],
            Word(keepAlive),
            version == 5 ? Properties(properties) : [],
            Text(clientId),
            will is null ? [] : [.. version == 5 ? Properties(will.Properties) : [], .. Text(will.Topic), .. Text(will.Payload)],
            user is null ? [] : Text(user),
            password is null ? [] : Text(password));
    }

    public static byte[] Publish(string topic, string payload, int qos = 0, int id = 0, bool retain = false, bool dup = false) =>
        Frame((byte)(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)), Text(topic), qos > 0 ? Word(id) : [], Encoding.UTF8.GetBytes(payload));

    public static byte[] Publish5(
        string topic, string payload, int qos = 0, int id = 0, bool retain = false, bool dup = false, params byte[][] properties) =>
        Frame(
            (byte)(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)),
            Text(topic),
            qos > 0 ? Word(id) : [],
            Properties(properties),
            Encoding.UTF8.GetBytes(payload));

    public static byte[] Subscribe(int id, params (string Filter, int Options)[] filters) =>
        Frame(0x82, [Word(id), .. filters.Select(filter => (byte[])[.. Text(filter.Filter), (byte)filter.Options])]);

    public static byte[] Subscribe5(int id, byte[][] properties, params (string Filter, int Options)[] filters) =>
        Frame(0x82, [Word(id), Properties(properties), .. filters.Select(filter => (byte[])[.. Text(filter.Filter), (byte)filter.Options])]);

    public static byte[] Unsubscribe(int id, params string[] filters) => Frame(0xA2, [Word(id), .. filters.Select(Text)]);

    public static byte[] Unsubscribe5(int id, params string[] filters) => Frame(0xA2, [Word(id), [0], .. filters.Select(Text)]);

    public static byte[] Puback(int id) => [0x40, 2, .. Word(id)];

    public static byte[] Pubrec(int id) => [0x50, 2, .. Word(id)];

    public static byte[] Pubrel(int id) => [0x62, 2, .. Word(id)];

    public static byte[] Pubcomp(int id) => [0x70, 2, .. Word(id)];

    internal sealed record Will(string Topic, string Payload, int Qos = 0, bool Retain = false)
    {
        public byte[][] Properties { get; init; } = [];
    }
}
