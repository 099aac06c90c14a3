using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>Puts a definition into its document, or takes it away.</summary>
/// <param name="id">The sensor's name.</param>
/// <param name="json">The definition; null removes it.</param>
internal sealed class DefinitionWrite(string id, ReadOnlyMemory<byte>? json) : DocumentWrite(id)
{
    /// <inheritdoc/>
    public override DocumentChange Apply(StoredDocument? current) =>
        json is { } bytes ? DocumentChange.Put(bytes)
        : current is null ? DocumentChange.NotFound
        : DocumentChange.Delete;
}
