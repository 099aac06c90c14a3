namespace Kuzzle.Edge.Broker.Storage;

/// <summary>A store of broker state cannot be read or written.</summary>
/// <param name="message">What is wrong, for the operator.</param>
/// <param name="cause">Where it comes from, or null.</param>
public sealed class BrokerStoreException(string message, Exception? cause) : Exception(message, cause);
