namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>One thing to be read, with somebody who waits for it.</summary>
internal abstract class ReadOperation(CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Reads, and tells whoever waits. Runs on a reader's thread.</summary>
    public abstract void Run(ReadConnection connection);
}
