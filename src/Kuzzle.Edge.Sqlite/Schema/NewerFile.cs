namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>A database of a newer version of this program, which was set aside for the state from before that version. It is there until somebody removes it.</summary>
/// <param name="Path">Where it is now.</param>
/// <param name="Name">What it was called.</param>
/// <param name="SetAsideAt">When it was set aside, by the clock of then.</param>
public sealed record NewerFile(string Path, string Name, DateTimeOffset SetAsideAt);
