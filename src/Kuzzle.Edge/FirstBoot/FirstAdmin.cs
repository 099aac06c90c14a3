namespace Kuzzle.Edge.FirstBoot;

/// <summary>The gateway's first administrator.</summary>
internal sealed record FirstAdmin(string Name, string Password)
{
    /// <summary>Tells no secrets.</summary>
    public override string ToString() => $"the administrator {Name}";
}
