namespace Kuzzle.Edge.Devices.Registry;

/// <summary>What has changed in the registry, told after the commit.</summary>
/// <param name="Application">The application as it is now, or was before it was deleted.</param>
/// <param name="Before">The device before; null when it was made now, or when the application itself has changed.</param>
/// <param name="After">The device now; null when it was deleted, or when the application itself has changed.</param>
/// <param name="Verb">What was done: <c>created</c>, <c>updated</c>, <c>deleted</c>.</param>
internal sealed record RegistryChange(Application Application, Device? Before, Device? After, string Verb)
{
    /// <summary>The device that it is about; null when it is the application.</summary>
    public string? DeviceName => (After ?? Before)?.Name;

    /// <summary>Whether some of the credentials with which a session may have begun count no longer.</summary>
    public bool TakesCredentials { get; init; }
}
