namespace Kuzzle.Edge.Api.Appliances;

/// <summary>Which update is wanted.</summary>
/// <param name="Url">Where its file is.</param>
/// <param name="Sha256">The checksum it must have, in hexadecimal digits; null to rely on its signature.</param>
/// <param name="Bytes">The size it must have; null when that is not known.</param>
/// <param name="Restarts">Whether the box restarts into it when it is installed.</param>
public sealed record UpdateOrder(Uri Url, string? Sha256, long? Bytes, bool Restarts);
