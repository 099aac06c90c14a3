namespace Kuzzle.Edge.Api.Devices;

/// <summary>A message that became no event, kept for whoever looks after the fleet because its sender could not be told.</summary>
/// <param name="Sender">Who has sent it.</param>
/// <param name="Topic">The topic, as it was.</param>
/// <param name="Payload">The payload, as it was.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Reason">Why it became none.</param>
public sealed record RejectedEvent(DeviceIdentity Sender, string Topic, ReadOnlyMemory<byte> Payload, DateTimeOffset Time, string Reason);
