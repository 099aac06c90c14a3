namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>One way in, to which requests at random are sent.</summary>
internal interface IFuzzedEntrance : IAsyncDisposable
{
    /// <summary>What was sent last, for people.</summary>
    string Sent { get; }

    /// <summary>Sends one request and checks that exactly one well-formed answer comes. Answers its error's id, or null.</summary>
    Task<string?> AskAsync();
}
