using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>One walk over what the present connection has not sent. Messages keep their order among themselves, and releases theirs.</summary>
/// <param name="committed">The newest commit that is on the disk.</param>
/// <param name="window">How many messages may be on their way; releases always may be sent.</param>
[StructLayout(LayoutKind.Auto)]
internal struct UnsentSearch(long committed, int window)
{
    private bool _areMessagesHeld;
    private bool _areReleasesHeld;

    /// <summary>The place the walk has come to.</summary>
    public int At { get; set; }

    /// <summary>Whether this one must wait, and with it all of its kind behind it.</summary>
    public bool Holds(bool isRelease, long ticket, int outstanding)
    {
        ref var isHeld = ref isRelease ? ref _areReleasesHeld : ref _areMessagesHeld;
        return isHeld |= ticket > committed || (!isRelease && outstanding >= window);
    }
}
