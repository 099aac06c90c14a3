namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>The line of a connection has failed, or the server has closed it; any other <see cref="IOException"/> is the session's or the handler's.</summary>
/// <param name="failure">What the stream said.</param>
internal sealed class LineBrokenException(IOException failure) : IOException(failure.Message, failure);
