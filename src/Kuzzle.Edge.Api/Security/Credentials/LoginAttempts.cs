using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>
/// Which logins may be tried, wherever they come in: under one user name ten may fail at once and then one each five seconds, 17,000 guesses a day from however many addresses; from
/// one address twenty, and then one each two seconds, under however many names and over however many connections.
/// </summary>
internal sealed class LoginAttempts(TimeProvider clock)
{
    private readonly FailureAllowance _byName = new(burst: 10, TimeSpan.FromSeconds(5), clock);
    private readonly FailureAllowance _byAddress = new(burst: 20, TimeSpan.FromSeconds(2), clock);

    /// <summary>Whether a login may be tried; then it counts as failed until it is given back or has succeeded.</summary>
    public bool TryBegin(ClientConnection connection, string userName)
    {
        var address = AddressOf(connection);
        if (address is not null && !_byAddress.TryTake(address)) return false;
        if (_byName.TryTake(userName)) return true;

        if (address is not null) _byAddress.GiveBack(address);
        return false;
    }

    /// <summary>It was neither right nor wrong.</summary>
    public void GiveBack(ClientConnection connection, string userName)
    {
        if (AddressOf(connection) is { } address) _byAddress.GiveBack(address);
        _byName.GiveBack(userName);
    }

    /// <summary>It was right: the name's failures are forgotten. Those of the address are not, or who knows one password could guess at others for ever.</summary>
    public void Succeeded(ClientConnection connection, string userName)
    {
        if (AddressOf(connection) is { } address) _byAddress.GiveBack(address);
        _byName.Forget(userName);
    }

    /// <summary>Null within this process.</summary>
    private static string? AddressOf(ClientConnection connection) => RemoteMachine.KeyOf(connection.RemoteAddress);
}
