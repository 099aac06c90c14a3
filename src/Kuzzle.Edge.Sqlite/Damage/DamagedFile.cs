namespace Kuzzle.Edge.Sqlite.Damage;

/// <summary>A file of the store that was damaged and is kept under another name. It is there until somebody removes it.</summary>
/// <param name="Path">Where it is now.</param>
/// <param name="Name">What it was called.</param>
/// <param name="SetAsideAt">When it was set aside, by the clock of then.</param>
public sealed record DamagedFile(string Path, string Name, DateTimeOffset SetAsideAt)
{
    /// <summary>Whether it is the log of a database, which goes on without what the log held.</summary>
    public bool IsLog => Name.EndsWith(DamagedFiles.LogSuffix, StringComparison.Ordinal);
}
