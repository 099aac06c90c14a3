using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>
/// What is kept of a password: PBKDF2 with a salt of its own, as one line of text, <c>$pbkdf2-sha512$i=ITERATIONS$SALT$HASH</c>. The line names its own parameters, so that
/// better ones can come while old lines still hold.
/// </summary>
public sealed class PasswordHash
{
    private const string Scheme = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>The line. It is a secret: who has it can try passwords at leisure.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"${Scheme}$i={_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    /// <summary>A new hash with a salt of its own. Takes its time.</summary>
    public static PasswordHash Create(string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, HashBytes));
    }

    /// <summary>A hash that no password has, as expensive to check as a new one.</summary>
    public static PasswordHash Decoy(int iterations) => new(iterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Reads a line; null when it is none.</summary>
    public static PasswordHash? Parse(string text)
    {
        if (text.Split('$') is not ["", Scheme, ['i', '=', .. var cost], var salt, var hash]) return null;
        if (!int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations < 1) return null;
        if (!Base64.IsValid(salt) || !Base64.IsValid(hash, out var length) || length != HashBytes) return null;

        return new PasswordHash(iterations, Convert.FromBase64String(salt), Convert.FromBase64String(hash));
    }

    /// <summary>Whether this is the password. Takes its time, the same for right and wrong ones.</summary>
    public bool Verify(string password)
    {
        Span<byte> computed = stackalloc byte[HashBytes];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), _salt, computed, _iterations, HashAlgorithmName.SHA512);
        return CryptographicOperations.FixedTimeEquals(computed, _hash);
    }

    /// <summary>How many iterations it takes.</summary>
    public int Iterations => _iterations;

    /// <summary>Whether it was made with less than is asked of new ones.</summary>
    public bool IsWeakerThan(int iterations) => _iterations < iterations;

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => "a password hash";
}
