namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Where the parts of an encoded PUBLISH begin, so that a copy can be patched.</summary>
/// <param name="TopicAt">Its length field; what stands before is the fixed header.</param>
/// <param name="IdentifierAt">The packet identifier, at QoS 0 the same as <paramref name="PropertiesAt"/>.</param>
/// <param name="PropertiesAt">The property length, in 3.x the payload.</param>
/// <param name="PropertiesLength">The properties behind their length.</param>
internal readonly record struct PublishLayout(int TopicAt, int IdentifierAt, int PropertiesAt, int PropertiesLength);
