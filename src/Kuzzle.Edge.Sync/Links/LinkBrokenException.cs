namespace Kuzzle.Edge.Sync.Links;

/// <summary>The upstream cannot be reached, does not answer in time, or says that it cannot take anything now. Nothing was lost; it is tried again later.</summary>
internal sealed class LinkBrokenException(string message, Exception? innerException = null) : Exception(message, innerException);
