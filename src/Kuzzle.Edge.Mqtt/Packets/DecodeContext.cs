namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>What a decoder must know besides the body.</summary>
internal readonly record struct DecodeContext(MqttVersion Version, PacketDirection Direction, PacketLimits Limits)
{
    /// <summary>Reads the length and the list of properties and checks them.</summary>
    public PacketFault ReadProperties(scoped ref SpanCursor cursor, PropertyPlace place, out ReadOnlySpan<byte> properties, out PropertySummary summary)
    {
        summary = default;
        if (!cursor.TryReadVariableInteger(out var length) || !cursor.TryReadBytes((int)length, out properties))
        {
            properties = default;
            return PacketFault.Malformed("The property length is malformed or longer than the packet.");
        }

        PropertyRules.Check(properties, place, Direction, Limits, out summary, out var fault);
        return fault;
    }
}
