namespace Kuzzle.Edge.Api.Devices;

/// <summary>A user name of a device with its password.</summary>
/// <param name="Application">The application, as it was given.</param>
/// <param name="Device">The device: its name or one of its aliases.</param>
/// <param name="User">The user name.</param>
/// <param name="Password">The password. Not to be kept or logged.</param>
public sealed record DeviceUserPassword(string Application, string Device, string User, string Password) : DeviceCredentials
{
    /// <summary>Without the password, so that nobody logs it by accident.</summary>
    public override string ToString() => $"password of {User} for {Device}@{Application}";
}
