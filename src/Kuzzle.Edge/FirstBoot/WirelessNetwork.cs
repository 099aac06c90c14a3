namespace Kuzzle.Edge.FirstBoot;

/// <summary>A wireless network to join.</summary>
/// <param name="Ssid">Its name: bytes, of whatever encoding.</param>
/// <param name="Secret">The password, or the key of 64 hexadecimal digits that is made of it; null for an open network.</param>
/// <param name="IsHidden">Whether it does not tell its name and must be asked for.</param>
/// <param name="Country">Two letters: which channels are allowed; null when nobody said.</param>
internal sealed record WirelessNetwork(byte[] Ssid, string? Secret, bool IsHidden, string? Country)
{
    /// <summary>Tells no secrets.</summary>
    public override string ToString() => "a wireless network";
}
