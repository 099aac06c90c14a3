namespace Kuzzle.Edge.FirstBoot;

/// <summary>Somebody who may log in to the system of the box, and become root there.</summary>
/// <param name="Name">The name.</param>
/// <param name="Password">The password, or its hash as in /etc/shadow; null when only keys open the door.</param>
/// <param name="IsHashed">Whether the password is a hash.</param>
/// <param name="NeedsNoPassword">Whether root's power comes without asking for the password.</param>
internal sealed record SystemUser(string Name, string? Password, bool IsHashed, bool NeedsNoPassword)
{
    /// <summary>Tells no secrets.</summary>
    public override string ToString() => $"the user {Name}";
}
