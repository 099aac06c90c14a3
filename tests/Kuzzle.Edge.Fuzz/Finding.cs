namespace Kuzzle.Edge.Fuzz;

/// <summary>What must never happen has happened; the message says with which bytes.</summary>
internal sealed class Finding : Exception
{
    public Finding(string message)
        : base(message)
    {
    }

    public Finding(string message, Exception cause)
        : base(message, cause)
    {
    }
}
