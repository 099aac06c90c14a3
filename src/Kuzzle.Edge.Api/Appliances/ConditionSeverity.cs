namespace Kuzzle.Edge.Api.Appliances;

/// <summary>How bad something is.</summary>
public enum ConditionSeverity
{
    /// <summary>Worth knowing; nothing is refused or lost.</summary>
    Notice,

    /// <summary>Something is refused, missing or lost until somebody sees to it.</summary>
    Alarm,
}
