namespace Kuzzle.Edge.Api.Appliances;

/// <summary>Something that is not as it should be with the box.</summary>
/// <param name="Name">What it is about, for programs: <c>storage</c>, <c>clock</c>. No two at a time have the same.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What is wrong and what to do, for people.</param>
/// <param name="Since">When it was noticed.</param>
public sealed record ApplianceCondition(string Name, ConditionSeverity Severity, string Message, DateTimeOffset Since)
{
    /// <summary>The condition that says that nothing can be stored.</summary>
    public const string Storage = "storage";
}
