using System.Net.NetworkInformation;

namespace Kuzzle.Edge.Sync.Links;

/// <summary>Tells when addresses or routes of this machine change (the runtime listens to netlink): the moment to try again rather than wait out a pause.</summary>
/// <remarks>
/// A network that comes up is a burst of changes: link, address, route. The first is told at once, and what follows it as one more a moment later, for only the last of
/// them may be the one that helps.
/// </remarks>
internal sealed class NetworkWatch : IDisposable
{
    private static readonly TimeSpan BurstLength = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Action _changed;
    private readonly ITimer _burst;
    private bool _isBurst;
    private bool _hasMore;

    public NetworkWatch(Action changed, TimeProvider clock)
    {
        _changed = changed;
        _burst = clock.CreateTimer(_ => EndBurst(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        NetworkChange.NetworkAddressChanged += OnAddress;
        NetworkChange.NetworkAvailabilityChanged += OnAvailability;
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnAddress;
        NetworkChange.NetworkAvailabilityChanged -= OnAvailability;
        _burst.Dispose();
    }

    /// <summary>Something has changed.</summary>
    internal void Notice()
    {
        lock (_lock)
        {
            if (_isBurst)
            {
                _hasMore = true;
                return;
            }

            _isBurst = true;
            _burst.Change(BurstLength, Timeout.InfiniteTimeSpan);
        }

        _changed();
    }

    private void EndBurst()
    {
        lock (_lock)
        {
            _isBurst = false;
            if (!_hasMore) return;
            _hasMore = false;
        }

        Notice();
    }

    private void OnAddress(object? sender, EventArgs change) => Notice();

    private void OnAvailability(object? sender, NetworkAvailabilityEventArgs change) => Notice();
}
