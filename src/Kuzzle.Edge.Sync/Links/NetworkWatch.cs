using System.Net.NetworkInformation;

namespace Kuzzle.Edge.Sync.Links;

/// <summary>Tells when addresses or routes of this machine change (the runtime listens to netlink): the moment to try again rather than wait out a pause.</summary>
internal sealed class NetworkWatch : IDisposable
{
    private readonly Action _changed;

    public NetworkWatch(Action changed)
    {
        _changed = changed;
        NetworkChange.NetworkAddressChanged += OnAddress;
        NetworkChange.NetworkAvailabilityChanged += OnAvailability;
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddress;
        NetworkChange.NetworkAvailabilityChanged -= OnAvailability;
    }

    private void OnAddress(object? sender, EventArgs change) => _changed();

    private void OnAvailability(object? sender, NetworkAvailabilityEventArgs change) => _changed();
}
