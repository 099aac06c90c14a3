namespace Kuzzle.Edge.Protocols.Tests.Drogue;

/// <summary>A command as a device gets it.</summary>
internal sealed record CommandFields(string Topic, string Payload, int Qos, int Id, bool Retain);
