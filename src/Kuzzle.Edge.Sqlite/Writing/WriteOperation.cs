namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>One thing to be done by the writer, with somebody who waits for it.</summary>
internal abstract class WriteOperation
{
    /// <summary>How many documents it touches, about: the measure of how much goes in one transaction.</summary>
    public virtual int Weight => 1;

    /// <summary>Does it within the transaction. May be called again, when a transaction is repeated without its neighbours.</summary>
    public abstract void Execute(WriteContext context);

    /// <summary>It is durable: tells whoever waits.</summary>
    public abstract void Complete();

    /// <summary>It failed, and nothing of it was done: tells whoever waits.</summary>
    public abstract void Fail(Exception reason);
}
