using Kuzzle.Edge.Api.Appliances;

namespace Kuzzle.Edge.Api.Tests;

/// <summary>Whether the box has an owner, in memory.</summary>
internal sealed class NotedOwnership : IOwnership
{
    public bool IsClaimed { get; set; }

    /// <summary>The code that was made on the box; null for none.</summary>
    public string? Code { get; set; }

    public bool Admits(string? code) => code is not null && code == Code;

    public void Claim()
    {
        IsClaimed = true;
        Code = null;
    }

    public void Release() => IsClaimed = false;
}
