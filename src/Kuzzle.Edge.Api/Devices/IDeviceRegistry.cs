namespace Kuzzle.Edge.Api.Devices;

/// <summary>Who is a device, and for whom it may speak. Safe from any thread; none of its methods blocks one.</summary>
public interface IDeviceRegistry
{
    /// <summary>Finds the device that has these credentials. Slows down whoever guesses.</summary>
    /// <param name="credentials">One of the four forms.</param>
    /// <param name="origin">Where they come from, such as the peer's address; null when that is unknown.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    ValueTask<DeviceAuthentication> AuthenticateAsync(DeviceCredentials credentials, string? origin, CancellationToken cancellationToken);

    /// <summary>
    /// The pre-shared key of an identity, <c>device@application</c> split at the first <c>@</c>; null when there is none that is valid now. Asked in the middle of
    /// a handshake.
    /// </summary>
    ValueTask<byte[]?> FindPreSharedKeyAsync(string identity, CancellationToken cancellationToken);

    /// <summary>
    /// May a device speak for another of its application? Answers at once for what it was asked lately, and knows every change of a document the moment it is
    /// committed. A device may always speak for itself, by its name or an alias.
    /// </summary>
    /// <param name="gateway">Who would speak.</param>
    /// <param name="target">The name or an alias of the other one.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    ValueTask<DeviceRuling> MayActForAsync(DeviceIdentity gateway, string target, CancellationToken cancellationToken);
}
