using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Why there is no room for a write.</summary>
internal static class Refusals
{
    public static DocumentStoreException OutboxFull(OutboxBounds bounds) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Too much waits for the upstream: {bounds.MaxEntries} documents or {bounds.MaxBytes} bytes are the most. Try again when the link has caught up; deletions are taken."))
    { Fault = DocumentStoreFault.OutboxFull };

    public static DocumentStoreException NoRoom(long free, long reserve) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The disk is nearly full: {free} bytes are left, and {reserve} are kept in reserve. Delete documents, or give it a larger disk."))
    { Fault = DocumentStoreFault.NoRoom };
}
