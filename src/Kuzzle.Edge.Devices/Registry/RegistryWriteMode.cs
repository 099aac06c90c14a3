namespace Kuzzle.Edge.Devices.Registry;

/// <summary>How a change treats what is there.</summary>
internal enum RegistryWriteMode
{
    /// <summary>Nothing must be there.</summary>
    Create,

    /// <summary>What is there goes.</summary>
    Replace,

    /// <summary>What is there is merged with what was sent.</summary>
    Update,
}
