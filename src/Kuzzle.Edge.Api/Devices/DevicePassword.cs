namespace Kuzzle.Edge.Api.Devices;

/// <summary>The name of a device with a password.</summary>
/// <param name="Application">The application, as it was given.</param>
/// <param name="Device">The device: its name or one of its aliases.</param>
/// <param name="Password">The password. Not to be kept or logged.</param>
public sealed record DevicePassword(string Application, string Device, string Password) : DeviceCredentials
{
    /// <summary>Without the password, so that nobody logs it by accident.</summary>
    public override string ToString() => $"password of {Device}@{Application}";
}
