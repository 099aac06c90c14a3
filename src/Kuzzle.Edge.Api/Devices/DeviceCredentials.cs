namespace Kuzzle.Edge.Api.Devices;

/// <summary>What somebody presents who says to be a device. One of the four forms, each a type of its own.</summary>
public abstract record DeviceCredentials
{
    private protected DeviceCredentials()
    {
    }
}
