namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Where entering a whole collection in the outbox begins, when that is under way already.</summary>
internal enum FillStart
{
    /// <summary>It goes on where it is.</summary>
    WhereItIs,

    /// <summary>With the first document: what was entered before was for another upstream.</summary>
    Anew,
}
