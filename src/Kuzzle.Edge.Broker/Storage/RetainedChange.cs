namespace Kuzzle.Edge.Broker.Storage;

/// <summary>What a topic retains from now on.</summary>
/// <param name="Topic">The topic name in UTF-8.</param>
/// <param name="Message">The message, or null when the topic retains nothing any more.</param>
public sealed record RetainedChange(ReadOnlyMemory<byte> Topic, StoredMessage? Message);
