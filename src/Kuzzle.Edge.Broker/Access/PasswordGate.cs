using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// The one place where passwords are checked, for all listeners and all kinds of users: slow on purpose, so on threads of its own, a few at once, with a bound on
/// those who wait; and slower for addresses and names under which many logins have failed. Safe to use from any thread.
/// </summary>
public sealed class PasswordGate : IDisposable
{
    /// <summary>From one address 20 logins may fail at once and then one each two seconds.</summary>
    private const int AddressBurst = 20;
    private static readonly TimeSpan AddressInterval = TimeSpan.FromSeconds(2);

    /// <summary>Under one user name 10 may fail at once and then one each five seconds: 17,000 guesses a day, from however many addresses.</summary>
    private const int UserBurst = 10;
    private static readonly TimeSpan UserInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _slots;
    private readonly int _maxWaiting;
    private readonly ProvenPasswords _proven = new();
    private readonly FailureAllowance _byAddress;
    private readonly FailureAllowance _byUser;
    private int _waiting;

    /// <summary>Makes a gate.</summary>
    /// <param name="clock">Time for what may fail again.</param>
    /// <param name="concurrency">How many passwords are checked at once. Each keeps a core busy.</param>
    /// <param name="maxWaiting">How many may wait for that; more are told to come later.</param>
    public PasswordGate(TimeProvider clock, int concurrency, int maxWaiting)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWaiting, 0);
        _slots = new SemaphoreSlim(concurrency);
        _maxWaiting = maxWaiting;
        _byAddress = new FailureAllowance(AddressBurst, AddressInterval, clock);
        _byUser = new FailureAllowance(UserBurst, UserInterval, clock);
    }

    /// <summary>A gate that leaves at least half of the machine's cores to others, and lets 1000 clients wait.</summary>
    public PasswordGate(TimeProvider clock)
        : this(clock, Math.Max(1, Environment.ProcessorCount / 2), maxWaiting: 1000)
    {
    }

    /// <summary>Checks a password.</summary>
    /// <param name="peer">Where it comes from.</param>
    /// <param name="userName">The name it is said to belong to.</param>
    /// <param name="hash">What is known of the right one.</param>
    /// <param name="password">The password. Read until the answer.</param>
    /// <param name="cancellationToken">Ends the waiting, not a check that has begun.</param>
    /// <returns>Accept, BadCredentials, TooManyAttempts or Busy.</returns>
    public ValueTask<ConnectRuling> CheckAsync(
        MqttPeer peer, string userName, PasswordHash hash, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        _proven.Contains(hash, password.Span)
            ? new ValueTask<ConnectRuling>(ConnectRuling.Accept)
            : AttemptAsync(peer, userName, hash, password, isDecoy: false, cancellationToken);

    /// <summary>
    /// Takes as long for a user who does not exist as for one who does, and then refuses; so that nobody learns from the time whether there is such a user.
    /// </summary>
    /// <param name="peer">Where it comes from.</param>
    /// <param name="userName">The name that nobody has.</param>
    /// <param name="decoy">A hash as expensive as those of the users there are.</param>
    /// <param name="password">The password. Read until the answer.</param>
    /// <param name="cancellationToken">Ends the waiting, not a check that has begun.</param>
    /// <returns>BadCredentials, TooManyAttempts or Busy.</returns>
    public ValueTask<ConnectRuling> RefuseAsync(
        MqttPeer peer, string userName, PasswordHash decoy, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        AttemptAsync(peer, userName, decoy, password, isDecoy: true, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async ValueTask<ConnectRuling> AttemptAsync(
        MqttPeer peer, string userName, PasswordHash hash, ReadOnlyMemory<byte> password, bool isDecoy, CancellationToken cancellationToken)
    {
        var address = AddressOf(peer.RemoteEndPoint);
        if (address is not null && !_byAddress.TryTake(address)) return ConnectRuling.TooManyAttempts;
        if (!_byUser.TryTake(userName))
        {
            if (address is not null) _byAddress.GiveBack(address);
            return ConnectRuling.TooManyAttempts;
        }

        var ruling = ConnectRuling.Busy;
        try
        {
            ruling = await VerifyAsync(hash, password, cancellationToken).ConfigureAwait(false);
            if (isDecoy && ruling == ConnectRuling.Accept) ruling = ConnectRuling.BadCredentials;
            if (ruling == ConnectRuling.Accept) _proven.Add(hash, password.Span);
            return ruling;
        }
        finally
        {
            if (ruling != ConnectRuling.BadCredentials)
            {
                if (address is not null) _byAddress.GiveBack(address);
                _byUser.GiveBack(userName);
            }
        }
    }

    private async ValueTask<ConnectRuling> VerifyAsync(PasswordHash hash, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _maxWaiting && _slots.CurrentCount == 0)
        {
            Interlocked.Decrement(ref _waiting);
            return ConnectRuling.Busy;
        }

        try
        {
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // A thread of its own: the pool's serve connections, and this one is busy for as long as a fifth of a second.
            return await Task.Factory.StartNew(
                () => hash.Verify(password.Span) ? ConnectRuling.Accept : ConnectRuling.BadCredentials,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>What stands for one machine: an IPv4 address, or the 64 bits of an IPv6 address that its owner cannot choose. Null within this machine.</summary>
    private static string? AddressOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address }) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString();

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return Convert.ToHexString(bytes[..8]);
    }
}
