namespace Kuzzle.Edge.Broker.Storage;

/// <summary>One filter a session subscribed to.</summary>
/// <param name="Filter">The filter in UTF-8, as the client gave it, with <c>$share/…/</c> when shared.</param>
/// <param name="Identifier">The subscription identifier, 0 for none.</param>
/// <param name="Qos">The highest quality of service the client wants, 0 to 2.</param>
/// <param name="NoLocal">Whether its own messages are kept from it.</param>
/// <param name="RetainAsPublished">Whether messages keep the RETAIN flag they were published with.</param>
public sealed record StoredSubscription(ReadOnlyMemory<byte> Filter, int Identifier, byte Qos, bool NoLocal, bool RetainAsPublished);
