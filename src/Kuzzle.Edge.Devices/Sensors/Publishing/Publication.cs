namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>Something that is to be told by a device.</summary>
/// <param name="Collection">Where, in the index of the sensor.</param>
/// <param name="Id">The document that it becomes; null for a message.</param>
/// <param name="Json">What is told.</param>
/// <param name="Replaces">What a newer one makes worthless, by name; null for what counts by itself.</param>
internal sealed record Publication(string Collection, string? Id, ReadOnlyMemory<byte> Json, string? Replaces);
