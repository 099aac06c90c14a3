namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>What becomes of changes that a restored outbox still held: the upstream may have had them since, and newer ones.</summary>
public enum OutboxTreatment
{
    /// <summary>They are set aside, with the reason, until somebody asks for a retry. New changes go up as ever.</summary>
    Hold,

    /// <summary>They go up as soon as there is a link.</summary>
    Send,
}
