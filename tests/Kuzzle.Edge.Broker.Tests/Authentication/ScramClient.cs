using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Broker.Tests.Authentication;

/// <summary>The client's side of SCRAM-SHA-256, written down from RFC 5802 independently of the product.</summary>
internal sealed class ScramClient(string name, string password, string nonce)
{
    private string _signature = "";

    private string Bare => $"n={name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";

    public byte[] First => Encoding.UTF8.GetBytes("n,," + Bare);

    public byte[] Last(byte[] serverFirst)
    {
        var challenge = Encoding.UTF8.GetString(serverFirst);
        var fields = challenge.Split(',').ToDictionary(field => field[0], field => field[2..]);
        fields['r'].ShouldStartWith(nonce);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(fields['s']), int.Parse(fields['i'], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c=biws,r={fields['r']}";
        var all = Encoding.UTF8.GetBytes($"{Bare},{challenge},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), all);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= clientKey[i];
        _signature = Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), all));
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Whether the server has proven that it knows the password.</summary>
    public bool Trusts(byte[] serverLast) => Encoding.UTF8.GetString(serverLast) == "v=" + _signature;
}
