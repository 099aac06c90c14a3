namespace Kuzzle.Edge.Broker.Access;

/// <summary>One rule of an access list.</summary>
/// <param name="Name">Its name, by which a listener chooses it.</param>
/// <param name="Subjects">Whom it is for: any of these.</param>
public sealed record AccessRule(string Name, IReadOnlyList<AccessSubject> Subjects)
{
    /// <summary>What they may subscribe to and receive.</summary>
    public IReadOnlyList<TopicPattern> Read { get; init; } = [];

    /// <summary>What they may publish.</summary>
    public IReadOnlyList<TopicPattern> Write { get; init; } = [];

    /// <summary>What they may neither publish nor receive, whatever other rules allow.</summary>
    public IReadOnlyList<TopicPattern> Deny { get; init; } = [];
}
