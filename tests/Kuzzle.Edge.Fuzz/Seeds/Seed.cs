using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Fuzz.Seeds;

/// <summary>A legal packet in parts, so that a mutation can respect its structure, or break just that.</summary>
/// <param name="Direction">Which way it travels.</param>
/// <param name="Version">In which version it is legal.</param>
/// <param name="Header">Its first byte.</param>
/// <param name="Before">What stands before its property list.</param>
/// <param name="Properties">The properties, or null where there is no list.</param>
/// <param name="After">What stands behind.</param>
internal sealed record Seed(PacketDirection Direction, MqttVersion Version, byte Header, byte[] Before, byte[][]? Properties, byte[] After)
{
    public PacketType Type => (PacketType)(Header >> 4);

    /// <summary>Writes the packet with these properties instead of its own.</summary>
    /// <returns>Its length.</returns>
    public int Write(ReadOnlySpan<byte[]> properties, Span<byte> destination)
    {
        var propertyBytes = 0;
        foreach (var property in properties) propertyBytes += property.Length;
        var body = Before.Length + After.Length + (Properties is null ? 0 : SizeOfVariable(propertyBytes) + propertyBytes);

        destination[0] = Header;
        var at = 1 + WriteVariable(destination[1..], body);
        Before.CopyTo(destination[at..]);
        at += Before.Length;
        if (Properties is not null)
        {
            at += WriteVariable(destination[at..], propertyBytes);
            foreach (var property in properties)
            {
                property.CopyTo(destination[at..]);
                at += property.Length;
            }
        }

        After.CopyTo(destination[at..]);
        return at + After.Length;
    }

    private static int SizeOfVariable(int value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;

    private static int WriteVariable(Span<byte> destination, int value)
    {
        var at = 0;
        for (; value > 0x7F; value >>= 7) destination[at++] = (byte)((value & 0x7F) | 0x80);
        destination[at++] = (byte)value;
        return at;
    }
}
