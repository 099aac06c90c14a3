namespace Kuzzle.Edge.Broker.Access;

/// <summary>What an identity is the name of. A user and a device of the same name are two.</summary>
public enum IdentityKind
{
    /// <summary>Nobody: the client has proven nothing.</summary>
    Anonymous,

    /// <summary>A user.</summary>
    User,

    /// <summary>A device of a registry.</summary>
    Device,

    /// <summary>A client that the program itself has made. Nobody else can become it.</summary>
    Internal,
}
